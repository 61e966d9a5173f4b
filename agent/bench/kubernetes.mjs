// npm run bench -- agent-port [watched] [owned] [idle seconds]: memory, idle CPU and idle requests of the agent's Kubernetes port on a real
// apiserver, bundled and with Node's flags as it ships. Needs the apiserver's binaries (testbed/build.sh).
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { AGENT_MALLOC, AGENT_RUNTIME } from '@isthmus/installation';
import { connectKube, inParallel, orThrow } from '@isthmus/kube';
import { installIstioCrds, startKubeApiserver } from '@isthmus/testing';
import { build } from 'esbuild';

const [watched = 5000, owned = 2000, idleSeconds = 30] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(path.join(tmpdir(), 'isthmus-bench-'));
const server = await startKubeApiserver();
try {
  await installIstioCrds(server.kubeconfig, ['ServiceEntry']);
  const client = await connectKube({ kubeconfig: server.kubeconfig });
  const apply = (object) => client.apply(object).then((result) => orThrow(object.metadata.name, result));
  const namespaces = Array.from({ length: 50 }, (_, index) => `ns-${index}`);
  await inParallel(['isthmus-system', ...namespaces], 8, (name) =>
    apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  );
  const at = (index) => namespaces[index % namespaces.length];
  const began = performance.now();
  await inParallel(
    Array.from({ length: watched }, (_, index) => index),
    16,
    (index) => apply(index % 2 === 0 ? service(index, at(index)) : deployment(index, at(index))),
  );
  const entries = Array.from({ length: owned }, (_, index) => serviceEntry(index, at(index)));
  const middle = performance.now();
  await inParallel(entries, 8, apply);
  const rate = Math.round(owned / ((performance.now() - middle) / 1000));
  client.close();
  console.log(
    `seeded ${watched} in ${Math.round(middle - began)} ms; applied ${owned} owned objects at ${rate}/s, 8 at a time`,
  );
  for (const flags of (process.env.BENCH_NODE_FLAGS ?? AGENT_RUNTIME.NODE_OPTIONS).split(';'))
    console.log(flags, await probe(entries, flags));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function probe(entries, flags) {
  const config = JSON.parse(readFileSync(server.kubeconfig, 'utf8'));
  const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64').toString();
  const refs = entries.map(({ apiVersion, kind, metadata: { name, namespace } }) => ({
    apiVersion,
    kind,
    name,
    namespace,
  }));
  const input = path.join(folder, 'probe.json');
  const token = config.users[0].user.token;
  writeFileSync(input, JSON.stringify({ server: server.server, token, ca, owned: refs, idleSeconds }), { mode: 0o600 });
  const outfile = path.join(folder, 'probe.mjs');
  await build({
    ...{ entryPoints: [path.join(import.meta.dirname, 'probe.mjs')], outfile, bundle: true, minify: true },
    ...{ platform: 'node', format: 'esm', logLevel: 'error' },
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', ...flags.split(' ').filter((flag) => flag !== ''), outfile, input],
    { env: { ...process.env, ...AGENT_MALLOC } },
  );
  return JSON.parse(stdout);
}

function labels(index) {
  return {
    app: `app-${index}`,
    'app.kubernetes.io/name': `app-${index}`,
    'app.kubernetes.io/part-of': 'shop',
    team: `team-${index % 20}`,
  };
}

function service(index, namespace) {
  const spec = {
    selector: { app: `app-${index}` },
    clusterIP: 'None',
    ports: [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'grpc', port: 9000 },
    ],
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `svc-${index}`, namespace, labels: labels(index) },
    spec,
  };
}

function deployment(index, namespace) {
  const env = Array.from({ length: 20 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}-${index}` }));
  const containers = [
    { name: 'main', image: `registry.test/app-${index % 50}:1.0`, env, ports: [{ containerPort: 8080 }] },
  ];
  const template = {
    metadata: { labels: labels(index) },
    spec: { serviceAccountName: `sa-${index % 100}`, containers },
  };
  const spec = { selector: { matchLabels: { app: `app-${index}` } }, template };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `dep-${index}`, namespace, labels: labels(index) },
    spec,
  };
}

function serviceEntry(index, namespace) {
  const metadata = {
    ...{ name: `host-${index}`, namespace },
    labels: {
      'app.kubernetes.io/managed-by': 'isthmus',
      'isthmus.dev/gns': 'default.shop',
      'isthmus.dev/service': `host-${index}`,
    },
    annotations: { 'isthmus.dev/content-hash': 'a'.repeat(64), 'isthmus.dev/host': `host-${index}.shop.global` },
  };
  const endpoints = [1, 2, 3].map((at) => ({
    address: `10.0.${at}.${index % 250}`,
    ports: { http: 15443 },
    locality: `region-${at}`,
    labels: { cluster: `c-${at}` },
  }));
  const spec = {
    hosts: [`host-${index}.shop.global`],
    addresses: [`241.0.${index >> 8}.${index & 255}`],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    endpoints,
  };
  return { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata, spec };
}
