import { silentLogger, systemClock } from '@isthmus/platform';
import { comparePairs, type Pair } from '@isthmus/protocol';
import { probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { HostileGateway, hostileIdentity, renderNames, seeded } from '../../hostile-gateway.fixture.js';
import { memoryIdentityStore } from '../../identity/identity.js';
import { runAgent } from '../../run-agent.js';
import { treeOf } from '../../sync/signed.fixture.js';
import { memoryStateStore } from '../../sync/state-store.js';
import { memoryTransport } from '../../transport/memory-transport.js';
import type { ClusterRecord } from '../cluster-port.js';
import { Scene } from './cluster-scene.fixture.js';
import type { KubernetesCluster } from './kubernetes-cluster.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const LIES = 2000;
const CATALOGS = [
  ['a', 'b'],
  ['a', 'b', 'c'],
  ['b', 'c', 'd'],
];

onKubernetes('an agent on a real apiserver, with a hostile gateway', () => {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver();
    scene = await Scene.on(server);
    await scene.namespace('shop');
    await scene.anyServiceEntry();
  });
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  /** Remembers every position that is written, in order. */
  function fencesOf(cluster: KubernetesCluster): Pair[] {
    const seen: Pair[] = [];
    const save = cluster.saveRecord.bind(cluster);
    cluster.saveRecord = async (record: ClusterRecord) => {
      await save(record);
      seen.push(...record.fences.filter(({ line }) => line === 'catalog'));
    };
    return seen;
  }

  it('old, repeated, forged and torn frames, and floods of them, never move a cluster back, and the newest position arrives', async () => {
    const gateway = new HostileGateway(seeded(7), LIES);
    const cluster = await scene.open();
    const fences = fencesOf(cluster);
    const abort = new AbortController();
    for (const names of CATALOGS) gateway.publish(treeOf(...names));
    const running = runAgent({
      ...{ identity: hostileIdentity, identities: memoryIdentityStore(hostileIdentity), cluster },
      ...{ state: memoryStateStore(), render: renderNames, clock: systemClock, log: silentLogger() },
      gate: { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) },
      ...{ bootId: 'boot', version: 'spec', agentNamespace: 'isthmus-system' },
      ...{ transport: () => memoryTransport(gateway.accept), random: () => 0.001, signal: abort.signal },
    });
    for (let stream = 1; stream <= 5; stream += 1) {
      await vi.waitFor(() => expect(gateway.streams).toBeGreaterThanOrEqual(stream), { timeout: 30_000, interval: 50 });
      gateway.calm = stream === 5;
      gateway.hangUp();
    }
    const names = async (): Promise<string[]> => (await cluster.loadRecord()).owned.map(({ name }) => name).sort();
    await vi.waitFor(async () => expect(await names()).toEqual(['b', 'c', 'd']), { timeout: 30_000, interval: 200 });
    abort.abort();
    await running;
    expect(fences.every((fence, at) => at === 0 || comparePairs(fence, fences[at - 1] ?? fence) >= 0)).toBe(true);
    expect(fences.at(-1)).toMatchObject({ epoch: 1, seq: 3 });
  });
});
