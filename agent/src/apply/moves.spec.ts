import { LABELS, MANAGED_BY, objectKey } from '@isthmus/domain';
import type { KubeObject } from '@isthmus/domain';
import type { RenderedObject } from '@isthmus/meshes';
import { manualClock } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryCluster } from '../cluster/memory-cluster.js';
import type { MemoryCluster } from '../cluster/memory-cluster.js';
import { createBreaker } from './breaker.js';
import type { GnsWish } from './desired.js';
import { createLeads } from './leads.js';
import { createLingers } from './lingers.js';
import { createMoves } from './moves.js';
import type { Moves } from './moves.js';
import { createPruneGate } from './prune-gate.js';
import { runRound } from './run-round.js';
import type { RoundResult } from './run-round.js';

const SETTLE_MS = 2000;
const HOST = 'reviews.bookinfo.global';
const KINDS: [string, number][] = [
  ['DestinationRule', 10],
  ['VirtualService', 20],
  ['ServiceEntry', 30],
];

function object(kind: string, namespace: string, name: string): KubeObject {
  const labels = { [LABELS.managedBy]: MANAGED_BY };
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace, labels }, spec: { at: namespace } };
}
const viewIn = (namespace: string, host = HOST): RenderedObject[] =>
  KINDS.map(([kind, order]) => ({
    side: 'client',
    order,
    host,
    object: object(kind, namespace, host.split('.')[0] ?? ''),
  }));
const wish = (...objects: RenderedObject[]): GnsWish => ({
  ...{ gns: 'g1', kind: 'render', objects, keepHosts: new Set(), planned: false },
});

describe('a client view that moves to another namespace', () => {
  let cluster: MemoryCluster;
  let clock: ManualClock;
  let moves: Moves;
  let writes: string[];
  beforeEach(() => {
    cluster = memoryCluster();
    clock = manualClock();
    moves = createMoves(clock, SETTLE_MS);
    writes = [];
    cluster.onWrite = (write) => writes.push(write) > 0;
  });
  const run = async (wanted: GnsWish): Promise<RoundResult> => {
    const gate = createPruneGate(createBreaker(clock));
    const record = await cluster.loadRecord();
    return runRound({
      cluster,
      record,
      fences: [],
      wishes: [wanted],
      gate,
      moves,
      lingers: createLingers(clock, 0),
      leads: createLeads(clock, 1000),
      mode: 'sync',
    });
  };
  const there = (): string[] => [
    ...new Set([...cluster.objects.values()].map(({ metadata }) => metadata.namespace ?? '')),
  ];
  const objectWrites = (): string[] =>
    writes.filter((write) => write !== 'record').map((write) => write.replace('networking.istio.io/v1/', ''));

  it('is not removed from the old one while a part of the new one could not be written, however long that is', async () => {
    await run(wish(...viewIn('isthmus-system')));
    cluster.onWrite = (write) => !write.includes('VirtualService/bookinfo');
    for (let minute = 0; minute < 5; minute += 1) {
      expect((await run(wish(...viewIn('bookinfo')))).wakeInMs).toBeUndefined();
      clock.advance(60_000);
    }
    expect(cluster.objects.size).toBe(5);
  });

  it('is there twice until the new one has settled, then the old one goes, service entries first', async () => {
    await run(wish(...viewIn('isthmus-system')));
    writes.length = 0;
    expect((await run(wish(...viewIn('bookinfo')))).wakeInMs).toBe(SETTLE_MS);
    clock.advance(SETTLE_MS - 1);
    expect((await run(wish(...viewIn('bookinfo')))).wakeInMs).toBe(1);
    expect(cluster.objects.size).toBe(6);
    clock.advance(1);
    expect((await run(wish(...viewIn('bookinfo')))).wakeInMs).toBeUndefined();
    expect(objectWrites()).toEqual([
      'apply DestinationRule/bookinfo/reviews',
      'apply VirtualService/bookinfo/reviews',
      'apply ServiceEntry/bookinfo/reviews',
      'remove ServiceEntry/isthmus-system/reviews',
      'remove VirtualService/isthmus-system/reviews',
      'remove DestinationRule/isthmus-system/reviews',
    ]);
    expect(cluster.record.owned.map(({ namespace }) => namespace)).toEqual(['bookinfo', 'bookinfo', 'bookinfo']);
  });

  it('waits anew after a restart of the agent', async () => {
    await run(wish(...viewIn('isthmus-system')));
    await run(wish(...viewIn('bookinfo')));
    clock.advance(SETTLE_MS);
    moves = createMoves(clock, SETTLE_MS);
    await run(wish(...viewIn('bookinfo')));
    expect(there()).toHaveLength(2);
    clock.advance(SETTLE_MS);
    await run(wish(...viewIn('bookinfo')));
    expect(there()).toEqual(['bookinfo']);
  });

  it('may turn back before it has arrived', async () => {
    await run(wish(...viewIn('isthmus-system')));
    await run(wish(...viewIn('bookinfo')));
    clock.advance(SETTLE_MS);
    await run(wish(...viewIn('isthmus-system')));
    expect(there()).toHaveLength(2);
    clock.advance(SETTLE_MS);
    await run(wish(...viewIn('isthmus-system')));
    expect(there()).toEqual(['isthmus-system']);
  });

  it('goes at once when no client view is wanted any more, and so does a part of a view that stays', async () => {
    await run(wish(...viewIn('bookinfo')));
    await run(wish(...viewIn('bookinfo').slice(0, 2)));
    expect(cluster.objects.size).toBe(2);
    await run(wish());
    expect(cluster.objects.size).toBe(0);
  });

  it('is no mass deletion, however many move together', async () => {
    const hosts = Array.from({ length: 40 }, (_, index) => `h${String(index)}.bookinfo.global`);
    const all = (namespace: string): GnsWish => wish(...hosts.flatMap((host) => viewIn(namespace, host)));
    await run(all('isthmus-system'));
    await run(all('bookinfo'));
    clock.advance(SETTLE_MS);
    expect((await run(all('bookinfo'))).results[0]?.held).toEqual([]);
    expect(there()).toEqual(['bookinfo']);
  });

  it('is at every write complete in one namespace, whenever the agent is killed', async () => {
    const homes = fc.array(fc.constantFrom('isthmus-system', 'bookinfo', 'shop'), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(homes, fc.array(fc.nat(8)), async (namespaces, deaths) => {
        cluster = memoryCluster();
        await run(wish(...viewIn('first')));
        const isWhole = (): boolean =>
          ['first', 'isthmus-system', 'bookinfo', 'shop'].some((namespace) =>
            viewIn(namespace).every((one) => cluster.objects.has(objectKey(one.object))),
          );
        for (const [index, namespace] of namespaces.entries()) {
          let left = deaths[index] ?? Number.POSITIVE_INFINITY;
          cluster.onWrite = () => {
            expect(isWhole()).toBe(true);
            if (left <= 0) throw new Error('killed');
            left -= 1;
            return true;
          };
          for (let round = 0; round < 2; round += 1) {
            await run(wish(...viewIn(namespace))).catch(() => (moves = createMoves(clock, SETTLE_MS)));
            clock.advance(SETTLE_MS);
          }
        }
        const last = namespaces.at(-1) ?? '';
        cluster.onWrite = () => true;
        await run(wish(...viewIn(last)));
        clock.advance(SETTLE_MS);
        await run(wish(...viewIn(last)));
        expect(there()).toEqual([last]);
      }),
      { numRuns: 60 },
    );
  });
});
