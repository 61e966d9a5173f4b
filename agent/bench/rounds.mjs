// Measures rounds of an agent over a directory with about 2,000 rendered objects: first, idle, one host changed, drift check.
// Run after a build: node agent/bench/rounds.mjs [hosts]
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY_TREE, buildTree, diffTrees, entry, updateTree } from '@isthmus/domain';
import { renderYaml } from '@isthmus/meshes';
import { silentLogger, systemClock } from '@isthmus/platform';
import { statementText } from '@isthmus/protocol';
import { AgentCore } from '../dist/agent-core.js';
import { createBreaker } from '../dist/apply/breaker.js';
import { createPruneGate } from '../dist/apply/prune-gate.js';
import { openDirectoryCluster } from '../dist/cluster/directory/directory-cluster.js';
import { oneRound } from '../dist/loop.js';
import { incrementalRender } from '../dist/render/incremental-render.js';
import { memoryStateStore } from '../dist/sync/state-store.js';

const hosts = Number(process.argv[2] ?? 400);
const DOMAIN = 'bench.global';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

function hostEntries(index, revision = 0) {
  const service = `service-${index}`;
  const host = `${service}.${DOMAIN}`;
  const ports = [{ number: 80, name: 'http-80', protocol: 'HTTP' }];
  const vip = `240.64.${index >> 8}.${index & 255}`;
  const member = (cluster) => ({
    kind: 'member',
    ...{ host, cluster, namespace: `team-${index % 20}`, service, state: 'served' },
    selector: [{ name: 'app', value: service }],
    serviceAccounts: [`account-${revision}`],
    ports: [{ number: 80, targetPort: 8080 }],
  });
  return [
    entry(`host/${host}`, { kind: 'host', host, service, vip, ports }),
    ...['east', 'west'].map((cluster) =>
      entry(`host/${host}/member/${cluster}/team-${index % 20}/${service}`, member(cluster)),
    ),
  ];
}

const clusters = ['east', 'west'].map((name, index) =>
  entry(`cluster/${name}`, {
    kind: 'cluster',
    ...{ name, mesh: 'istio', trustDomain: 'cluster.local', clusterDomain: 'cluster.local' },
    gateways: [
      {
        address: `192.0.2.${index + 1}`,
        port: 15443,
        namespace: 'istio-system',
        selector: [{ name: 'istio', value: 'eastwestgateway' }],
      },
    ],
  }),
);
const policy = buildTree([
  entry('gns', { kind: 'gns', project: 'p', name: 'bench', domain: DOMAIN, memberClusters: ['east', 'west'] }),
  entry('gns/encryption', { kind: 'encryption', mode: 'STRICT' }),
]);

function manifest(namespace) {
  const services = Array.from({ length: hosts }, (_, index) => index).filter(
    (index) => `team-${index % 20}` === namespace,
  );
  const docs = services.map(
    (index) =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: service-${index}, namespace: ${namespace}}\nspec: {selector: {app: service-${index}}, ports: [{port: 80}]}\n`,
  );
  return [`apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}}\n`, ...docs].join('---\n');
}

const base = await mkdtemp(join(tmpdir(), 'isthmus-rounds-'));
const [manifests, out] = [join(base, 'manifests'), join(base, 'out')];
await mkdir(manifests);
for (let index = 0; index < 20; index += 1)
  await writeFile(join(manifests, `team-${index}.yaml`), manifest(`team-${index}`));
const cluster = await openDirectoryCluster({ manifests, out, toYaml: (object) => renderYaml([object]) });
const identity = {
  version: 1,
  org: 'bench',
  cluster: { uid: 'c1', name: 'east' },
  ...{ privateKey: '', certificate: '', ca: '' },
  statementKeys: [publicKey.export({ type: 'spki', format: 'pem' }).toString()],
};
const render = incrementalRender();
const core = new AgentCore({
  ...{ identity, cluster, render, clock: systemClock, log: silentLogger(), state: memoryStateStore() },
  gate: createPruneGate(createBreaker(systemClock)),
  ...{ bootId: 'boot', version: 'bench', agentNamespace: 'isthmus-system' },
});
await core.restore();
core.heardCentre = true;
const stopWatching = cluster.watch((hint) => core.changed?.(hint));

const trees = { policy: EMPTY_TREE, catalog: EMPTY_TREE };
const seqs = { policy: 0, catalog: 0 };
function publish(line, tree) {
  const to = line === 'policy' ? { cluster: 'c1' } : {};
  seqs[line] += 1;
  const statement = { org: 'bench', gns: 'g1', ...to, line, epoch: 1, seq: seqs[line], root: tree.root };
  const { from, put, remove } = diffTrees(trees[line], tree);
  const signature = sign(null, Buffer.from(statementText(statement)), privateKey).toString('base64');
  const result = core.lines.receive({ statement, signature, delta: { from, put, remove } });
  if (result.outcome !== 'ACCEPTED') throw new Error(JSON.stringify(result));
  core.accepted(result.stored);
  trees[line] = tree;
}

async function timed(name, times, work) {
  const all = [];
  for (let index = 0; index < times; index += 1) {
    await work.before?.(index);
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await oneRound(core);
    const used = process.cpuUsage(cpu);
    all.push({ ms: performance.now() - start, cpu: (used.user + used.system) / 1000 });
  }
  const median = (key) => {
    const sorted = all.map((one) => one[key]).sort((a, b) => a - b);
    return sorted[all.length >> 1].toFixed(1);
  };
  console.log(
    `${name.padEnd(28)} median ${median('ms').padStart(8)} ms, CPU ${median('cpu').padStart(8)} ms  (${times}×)`,
  );
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
publish('policy', policy);
publish('catalog', buildTree([...clusters, ...Array.from({ length: hosts }, (_, index) => hostEntries(index)).flat()]));
await timed('first round', 1, {});
console.log(`objects: ${core.record.owned.length}`);
await pause(1500);
await timed('round after own writes', 1, {});
await timed('idle round', 15, { before: () => pause(20) });
await timed('one host changed', 15, {
  before: async (index) => {
    await pause(200);
    publish('catalog', updateTree(trees.catalog, { put: hostEntries(index * 7, index + 1) }));
  },
});
await timed('drift check of everything', 5, { before: () => core.changed?.() });
stopWatching();
core.names.stop();
await rm(base, { recursive: true });
