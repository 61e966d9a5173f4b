// One agent's Kubernetes port over the whole cluster, as the bundled agent runs it: prints memory and idle CPU as JSON.
import { readFileSync } from 'node:fs';
import { KubeClient } from '@isthmus/kube';
import { systemClock } from '@isthmus/platform';
import { openKubernetesCluster } from '../dist/cluster/kubernetes/kubernetes-cluster.js';

const { server, token, ca, owned, idleSeconds } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const mib = () => {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().rss / 2 ** 20);
};
const bare = mib();
const access = async () => ({ tls: { ca }, headers: { authorization: `Bearer ${token}` } });
const client = new KubeClient({ credentials: { server: new URL(server), access } });
const cluster = openKubernetesCluster({
  ...{ client, agentNamespace: 'isthmus-system', holder: 'bench', clock: systemClock, random: Math.random },
});
await cluster.hold();
const began = performance.now();
const reading = await cluster.readInventory();
const firstReadingMs = Math.round(performance.now() - began);
for (const ref of owned) {
  const { state } = await cluster.observe(ref);
  if (state !== 'ours') throw new Error(`${ref.name} is ${state}`);
}
await cluster.loadRecord();
const loaded = mib();
const requests = { reads: 0, writes: {} };
const { transport } = client;
const request = transport.request.bind(transport);
transport.request = (asked) => {
  const resource = asked.path.split('?')[0].split('/').at(-2);
  if (asked.method === 'GET') requests.reads += 1;
  else requests.writes[resource] = (requests.writes[resource] ?? 0) + 1;
  return request(asked);
};
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
const { user, system } = process.cpuUsage(before);
const idle = structuredClone(requests);
const watched = reading.inventory.namespaces.reduce((sum, { entry }) => {
  const { services = [], workloads = [] } = JSON.parse(entry?.body ?? '{}');
  return sum + services.length + workloads.length;
}, 0);
const idleMilliCpu = Number(((user + system) / 1000 / idleSeconds).toFixed(2));
const again = performance.now();
for (const ref of owned) await cluster.observe(ref);
await cluster.readInventory();
const secondRoundMs = Math.round(performance.now() - again);
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
const { heapUsed, heapTotal, external } = process.memoryUsage();
const heap = [heapUsed, heapTotal, external].map((bytes) => Math.round(bytes / 2 ** 20)).join('/');
const figures = { bare, heap, loaded, peak, watched, owned: owned.length, complete: reading.complete, idle };
process.stdout.write(`${JSON.stringify({ ...figures, firstReadingMs, secondRoundMs, idleMilliCpu })}\n`);
await cluster.close();
