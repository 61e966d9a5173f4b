// `node scripts/provision.mjs`: makes the real parts that tests run over available on this machine, where it can, and prints one
// line per part with its seconds on stderr. Standard output is the list for REQUIRE_REAL: what is named there must not be skipped.
// REQUIRE_REAL in the environment names the parts; unset, it is every part that works without root, and, where this
// machine can have them, the oldest and newest apiserver and the mesh. Binaries lie in the cache, outside the tree, keyed by version; needs a built tree for Valkey.
// `--build`: only builds what all of them are built from, and says nothing of them; needs Node and Go alone.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureChromium, ensureNetworkTools, findPrometheus } from './lib/debian-parts.mjs';
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const ALWAYS = ['postgres', 'valkey', 'istioctl', 'prometheus', 'kubernetes', 'helm'];
const WHERE_ABLE = ['kubernetes-versions', 'istiod', 'envoy', 'chromium'];

/** What testbed/build.sh makes for each part. */
const BINARIES = {
  istioctl: ['istioctl'],
  kubernetes: ['etcd', 'kube-apiserver', 'kubectl', 'crd-all.gen.yaml'],
  helm: ['helm'],
  istiod: ['etcd', 'kube-apiserver', 'kubectl', 'pilot-discovery', 'istioctl', 'crd-all.gen.yaml'],
  envoy: ['pilot-agent', 'envoy', 'envoy_bootstrap.json', 'ratelimit'],
  'kubernetes-versions': ['etcd', 'kube-apiserver-1.32', 'kube-apiserver-1.37'],
};

const say = (line) => process.stderr.write(`${line}\n`);

async function built(binaries) {
  const args = [inRoot('testbed/build.sh'), '--only', binaries.join(' ')];
  const env = { BUILD_NICE: process.env.BUILD_NICE ?? '0' };
  const { code, text } = await run('bash', args, { env, output: 'capture' });
  if (code !== 0) throw new Error(lastLines(text) || `testbed/build.sh ended with ${code}`);
  const lines = text.split('\n').filter((line) => /^(built|unpacked) /.test(line));
  return lines.length === 0 ? 'in the cache' : lines.join(', ');
}

async function onMesh(binaries) {
  await ensureNetworkTools();
  const { code, text } = await run('bash', [inRoot('testbed/able.sh'), '--host'], { output: 'capture' });
  if (code !== 0) throw new Error(lastLines(text));
  return built(binaries);
}

const makers = {
  postgres: async () => 'comes with npm',
  async valkey() {
    const { valkeyBinary } = await import(pathToFileURL(inRoot('libs/testing/dist/valkey.js')).href);
    return path.basename(await valkeyBinary());
  },
  istioctl: () => built(BINARIES.istioctl),
  prometheus: findPrometheus,
  kubernetes: () => built(BINARIES.kubernetes),
  'kubernetes-versions': () => built(BINARIES['kubernetes-versions']),
  helm: () => built(BINARIES.helm),
  chromium: ensureChromium,
  istiod: () => onMesh(BINARIES.istiod),
  envoy: () => onMesh(BINARIES.envoy),
};

async function notOurs() {
  throw new Error('not provided here: install it, or take it out of REQUIRE_REAL');
}

/** The end of what a tool said, on one line. */
function lastLines(text) {
  return text.trim().split('\n').slice(-3).join(' | ');
}

/** One line for one part; whether the part is there afterwards. */
async function provide(part, fault) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`.padStart(8);
  const make = makers[part] ?? notOurs;
  try {
    const said = await make();
    say(`${'ready'.padEnd(7)} ${part.padEnd(19)} ${seconds()}  ${said}`);
    return true;
  } catch (error) {
    say(`${fault.padEnd(7)} ${part.padEnd(19)} ${seconds()}  ${error.message}`);
    return false;
  }
}

if (process.argv.includes('--build')) {
  await built([...new Set(Object.values(BINARIES).flat())]);
  process.exit(0);
}
const named = process.env.REQUIRE_REAL;
const required = named === undefined ? ALWAYS : named.split(',').map((part) => part.trim());
const optional = named === undefined ? WHERE_ABLE : [];
const present = [];
for (const part of required.filter((part) => part !== '')) {
  await provide(part, 'MISSING');
  present.push(part); // the tests over it will say so, too, and fail
}
for (const part of optional) if (await provide(part, 'left out')) present.push(part);
process.stdout.write(`${present.join(',')}\n`);
