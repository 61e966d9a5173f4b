import { silentLogger, systemClock } from '@isthmus/platform';
import { comparePairs } from '@isthmus/protocol';
import type { Pair } from '@isthmus/protocol';
import { describe, expect, it } from 'vitest';
import { memoryCluster } from './cluster/memory-cluster.js';
import type { MemoryCluster } from './cluster/memory-cluster.js';
import { HostileGateway, hostileIdentity, renderNames, seeded } from './hostile-gateway.fixture.js';
import { memoryIdentityStore } from './identity/identity.js';
import { runAgent } from './run-agent.js';
import { treeOf } from './sync/signed.fixture.js';
import { memoryStateStore } from './sync/state-store.js';
import type { StateStore } from './sync/state-store.js';
import { memoryTransport } from './transport/memory-transport.js';

function watchFence(cluster: MemoryCluster): void {
  let highest: Pair = { epoch: 0, seq: 0 };
  const save = cluster.saveRecord;
  cluster.saveRecord = async (record) => {
    const catalog = record.fences.find(({ line }) => line === 'catalog');
    if (catalog) {
      expect(comparePairs(catalog, highest)).toBeGreaterThanOrEqual(0);
      highest = catalog;
    }
    await save(record);
  };
}

async function until(test: () => boolean): Promise<void> {
  for (let round = 0; round < 400 && !test(); round += 1) await new Promise((resolve) => setTimeout(resolve, 5));
}

interface World {
  gateway: HostileGateway;
  cluster: MemoryCluster;
  state: StateStore;
}

/** One life of the agent: runs until the test holds, then stops. */
async function live({ gateway, cluster, state }: World, bootId: string, done: () => boolean): Promise<void> {
  const abort = new AbortController();
  const running = runAgent({
    identity: hostileIdentity,
    identities: memoryIdentityStore(hostileIdentity),
    cluster,
    state,
    render: renderNames,
    gate: { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) },
    clock: systemClock,
    log: silentLogger(),
    bootId,
    version: 'simulation',
    agentNamespace: 'isthmus-system',
    transport: () => memoryTransport(gateway.accept),
    random: () => 0.001,
    signal: abort.signal,
  });
  await until(done);
  abort.abort();
  await running;
}

describe('an agent with a hostile gateway and a failing cluster', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('never goes back and ends where the truth is (seed %i)', async (seed) => {
    const random = seeded(seed);
    const world: World = { gateway: new HostileGateway(random), cluster: memoryCluster(), state: memoryStateStore() };
    const { gateway, cluster } = world;
    watchFence(cluster);
    for (const names of [
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['b', 'c', 'd'],
    ]) {
      gateway.publish(treeOf(...names));
      cluster.onWrite = () => random() > 0.2;
      await live(world, `boot-${names.join('')}`, () => random() < 0.05);
    }
    cluster.onWrite = () => true;
    gateway.calm = true;
    const text = (names: Iterable<string>): string => [...names].sort().join();
    const there = (): string => text([...cluster.objects.values()].map(({ metadata }) => metadata.name));
    const named = (): string => text(cluster.record.owned.map(({ name }) => name));
    await live(world, 'last', () => there() === 'b,c,d' && named() === 'b,c,d');
    expect([there(), named()]).toEqual(['b,c,d', 'b,c,d']);
  });
});
