import { objectKey } from '@isthmus/domain';
import { withContentHash } from '@isthmus/meshes';
import type { RenderedObject, Side } from '@isthmus/meshes';
import { manualClock } from '@isthmus/platform';
import { heldSetHash } from '@isthmus/plan';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { foreign, ours } from '../cluster/contract.fixture.js';
import { memoryCluster } from '../cluster/memory-cluster.js';
import type { MemoryCluster } from '../cluster/memory-cluster.js';
import { createBreaker } from './breaker.js';
import type { GnsWish } from './desired.js';
import { createLeads } from './leads.js';
import { createLingers } from './lingers.js';
import { createMoves } from './moves.js';
import { createPruneGate } from './prune-gate.js';
import type { PruneGate } from './prune-gate.js';
import { runRound } from './run-round.js';
import type { RoundResult } from './run-round.js';

const key = (name: string): string => objectKey(ours(name));
const rendered = (name: string, side: Side = 'owner', host?: string): RenderedObject => ({
  side,
  order: 0,
  host,
  object: ours(name, { name }),
});
const wish = (objects: readonly RenderedObject[], more: Partial<GnsWish & { kind: 'render' }> = {}): GnsWish => ({
  gns: 'g1',
  kind: 'render',
  objects,
  keepHosts: new Set(),
  planned: false,
  ...more,
});
const many = (count: number): RenderedObject[] =>
  Array.from({ length: count }, (_, index) => rendered(`o${String(index)}`));

const withoutMemory = ({ record, results, wakeInMs }: RoundResult): Omit<RoundResult, 'settled'> => ({
  record,
  results,
  wakeInMs,
});

describe('a round', () => {
  let cluster: MemoryCluster;
  let gate: PruneGate;
  const moves = createMoves(manualClock(), 2000);
  const lingers = createLingers(manualClock(), 10_000);
  const leads = createLeads(manualClock(), 1000);
  let writes: string[];
  beforeEach(() => {
    cluster = memoryCluster();
    gate = createPruneGate(createBreaker(manualClock()));
    writes = [];
    cluster.onWrite = (write) => writes.push(write) > 0;
  });
  const run = async (wishes: readonly GnsWish[], mode: 'sync' | 'upsert-only' = 'sync'): Promise<RoundResult> =>
    runRound({ cluster, record: await cluster.loadRecord(), fences: [], wishes, gate, moves, lingers, leads, mode });

  it('neither overwrites nor removes an object of a user, in the record or not', async () => {
    cluster.objects.set(key('a'), foreign('a'));
    const { results } = await run([wish([rendered('a')])]);
    expect(results[0]?.issues).toMatchObject([{ code: 'ISM0430' }]);
    await run([wish([rendered('b')])]);
    cluster.objects.set(key('b'), foreign('b'));
    expect((await run([wish([])])).results[0]).toMatchObject({ failed: false, issues: [{ code: 'ISM0430' }] });
    expect([...cluster.objects.values()]).toEqual([foreign('a'), foreign('b')]);
  });

  it('does not call applied what stands in the way of a wanted object, until it is out of the way', async () => {
    cluster.objects.set(key('a'), foreign('a'));
    const wishes = [wish([rendered('a'), rendered('b')])];
    expect((await run(wishes)).results[0]).toMatchObject({ failed: true, issues: [{ code: 'ISM0430' }] });
    cluster.objects.delete(key('a'));
    expect((await run(wishes)).results[0]).toMatchObject({ failed: false, issues: [] });
  });

  it('does not touch an object with our label that the record does not name, unless it is just what is wanted', async () => {
    cluster.objects.set(key('a'), ours('a', { other: true }));
    expect((await run([wish([rendered('a')])])).results[0]?.issues).toMatchObject([{ code: 'ISM0430' }]);
    cluster.objects.set(key('a'), ours('a', { name: 'a' }));
    const { record, results } = await run([wish([rendered('a')])]);
    expect(record.owned.map(({ name }) => name)).toEqual(['a']);
    expect(results[0]).toMatchObject({ issues: [], failed: false });
  });

  it('removes nothing for a global namespace that says keep, and nothing at all before the centre was heard', async () => {
    await run([wish([rendered('a')])]);
    await run([{ gns: 'g1', kind: 'keep' }]);
    await run([]);
    await run([wish([])], 'upsert-only');
    expect(cluster.objects.size).toBe(1);
    await run([wish([])]);
    expect(cluster.objects.size).toBe(0);
  });

  it('keeps the objects of a host whose entries it cannot read', async () => {
    await run([wish([rendered('a', 'client', 'a.example'), rendered('b', 'client', 'b.example')])]);
    await run([wish([], { keepHosts: new Set(['a.example']) })]);
    expect([...cluster.objects.keys()]).toEqual([key('a')]);
  });

  it('holds mass deletion, lets exactly the approved set go, and not a set that has grown', async () => {
    await run([wish(many(60))]);
    const held = (await run([wish(many(10))])).results[0]?.held ?? [];
    expect(held).toHaveLength(50);
    expect(cluster.objects.size).toBe(60);
    gate.approve('g1', heldSetHash(held));
    expect((await run([wish(many(9))])).results[0]?.held).toHaveLength(51);
    expect(cluster.objects.size).toBe(60);
    const grown = (await run([wish(many(9))])).results[0]?.held ?? [];
    gate.approve('g1', heldSetHash(grown));
    await run([wish(many(9))]);
    expect(cluster.objects.size).toBe(9);
  });

  it('needs no approval for a planned removal, and removes the client side before the owner side', async () => {
    const objects = [rendered('o1'), rendered('c1', 'client'), ...many(60)];
    await run([wish(objects)]);
    expect(writes.filter((write) => write.startsWith('apply')).at(-1)).toBe(`apply ${key('c1')}`);
    writes.length = 0;
    await run([wish([], { planned: true })]);
    expect(writes.find((write) => write.startsWith('remove'))).toBe(`remove ${key('c1')}`);
    expect(cluster.objects.size).toBe(0);
    expect(cluster.record.owned).toEqual([]);
  });

  it('heals drift and says so', async () => {
    await run([wish([rendered('a'), rendered('b')])]);
    cluster.objects.set(key('a'), ours('a', { changed: true }));
    cluster.objects.delete(key('b'));
    const { results } = await run([wish([rendered('a'), rendered('b')])]);
    expect(results[0]?.issues.map(({ code }) => code)).toEqual(['ISM0433', 'ISM0433']);
    expect(cluster.objects.get(key('a'))).toEqual(ours('a', { name: 'a' }));
    expect(cluster.objects.has(key('b'))).toBe(true);
  });

  it('takes neither its own last write nor its own last removal for drift, when it was killed before it was in the record', async () => {
    const stamped = (value: number): RenderedObject => ({
      ...rendered('a'),
      object: withContentHash(ours('a', { value })),
    });
    await run([wish([stamped(1), rendered('b')])]);
    const dieAt = (write: string): void => {
      cluster.onWrite = (found) => {
        if (found === 'record' && writes.at(-1) === write) throw new Error('killed');
        return writes.push(found) > 0;
      };
    };
    dieAt(`apply ${key('a')}`);
    await expect(run([wish([stamped(2), rendered('b')])])).rejects.toThrow('killed');
    expect(cluster.objects.get(key('a'))?.spec).toEqual({ value: 2 });
    writes.length = 0;
    expect((await run([wish([stamped(1), rendered('b')])])).results[0]?.issues).toEqual([]);
    dieAt(`remove ${key('b')}`);
    await expect(run([wish([stamped(1)])])).rejects.toThrow('killed');
    expect(cluster.objects.has(key('b'))).toBe(false);
    writes.length = 0;
    expect((await run([wish([stamped(1), rendered('b')])])).results[0]?.issues).toEqual([]);
    expect(cluster.objects.has(key('b'))).toBe(true);
  });

  it('gives an object that two global namespaces want to the one that holds it', async () => {
    await run([wish([rendered('a')], { gns: 'g2' })]);
    const { results } = await run([wish([rendered('a')], { gns: 'g1' }), wish([rendered('a')], { gns: 'g2' })]);
    expect(results.map(({ gns, issues, objects }) => [gns, issues.map(({ code }) => code), objects.length])).toEqual([
      ['g1', ['ISM0440'], 0],
      ['g2', [], 1],
    ]);
  });

  it('writes nothing when nothing changed', async () => {
    await run([wish(many(3))]);
    writes.length = 0;
    await run([wish(many(3))]);
    expect(writes).toEqual([]);
  });

  it('does not call applied what it could not look at, neither to make it nor to remove it', async () => {
    await run([wish([rendered('b')])]);
    const { observe } = cluster;
    const blind = (name: string): void => {
      cluster.observe = (ref) =>
        ref.name === name ? Promise.resolve({ state: 'unknown', reason: 'no answer' }) : observe(ref);
    };
    blind('a');
    expect((await run([wish([rendered('a'), rendered('b')])])).results[0]).toMatchObject({
      failed: true,
      issues: [{ code: 'ISM0432' }],
    });
    blind('b');
    expect((await run([wish([], { planned: true })])).results[0]).toMatchObject({
      failed: true,
      issues: [{ code: 'ISM0432' }],
    });
    expect(cluster.objects.size).toBe(1);
    blind('');
    expect((await run([wish([rendered('a')])])).results[0]).toMatchObject({ failed: false, issues: [] });
  });

  it('reports a failed write, and does it in the next round', async () => {
    cluster.onWrite = (write) => write !== `apply ${key('a')}`;
    expect((await run([wish([rendered('a'), rendered('b')])])).results[0]).toMatchObject({
      failed: true,
      issues: [{ code: 'ISM0431' }],
    });
    cluster.onWrite = () => true;
    expect((await run([wish([rendered('a'), rendered('b')])])).results[0]).toMatchObject({ failed: false, issues: [] });
    expect(cluster.objects.size).toBe(2);
  });

  it('does not look again at what is settled, unless it is told to', async () => {
    const objects = many(3);
    const first = await run([wish(objects)]);
    let observed: string[] = [];
    const { observe } = cluster;
    cluster.observe = (ref) => (observed.push(ref.name), observe(ref));
    const again = (settled: RoundResult['settled'], wanted = objects): Promise<RoundResult> =>
      runRound({
        cluster,
        record: cluster.record,
        fences: [],
        wishes: [wish(wanted)],
        gate,
        moves,
        lingers,
        leads,
        settled,
        mode: 'sync',
      });
    const second = await again(first.settled);
    expect([observed, second.record, second.results]).toEqual([[], first.record, first.results]);
    await again(new Map([...first.settled].filter(([one]) => one !== key('o1'))));
    expect(observed).toEqual(['o1']);
    observed = [];
    const changed = [...objects.slice(0, 2), { ...rendered('o2'), object: ours('o2', { other: 1 }) }];
    const third = await again(first.settled, changed);
    expect(observed).toEqual(['o2']);
    expect(cluster.objects.get(key('o2'))?.spec).toEqual({ other: 1 });
    observed = [];
    await again(third.settled, changed.slice(1));
    expect([observed, cluster.objects.size]).toEqual([['o0'], 2]);
  });

  it('goes on telling of what is not as it should be', async () => {
    cluster.objects.set(key('a'), foreign('a'));
    const { observe } = cluster;
    const objects = [rendered('a'), rendered('b')];
    await run([wish(objects)]);
    cluster.observe = async (ref) => {
      const state = await observe(ref);
      return state.state === 'ours' ? { ...state, others: ['kubectl-edit (.spec.hosts)'] } : state;
    };
    let settled: RoundResult['settled'] | undefined;
    for (let round = 0; round < 3; round += 1) {
      const record = await cluster.loadRecord();
      const result = await runRound({
        ...{ cluster, record, fences: [], wishes: [wish(objects)], gate, moves, lingers, leads, settled, mode: 'sync' },
      });
      settled = result.settled;
      expect(result.results[0]?.issues.map(({ code }) => code)).toEqual(['ISM0430', 'ISM0442']);
    }
  });

  it('with memory of what is settled leaves the same as without, whatever fails in between', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const pool = new Map(names.flatMap((name) => [1, 2].map((n) => [`${name}${String(n)}`, rendered(name)] as const)));
    for (const [id, one] of pool)
      if (id.endsWith('2')) pool.set(id, { ...one, object: ours(one.object.metadata.name, { v: 2 }) });
    const step = fc.record({
      wanted: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom('1', '2')), { maxLength: 5 }),
      drifted: fc.constantFrom(...names, 'none'),
      failing: fc.constantFrom(...names, 'none'),
    });
    const all: PruneGate = { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) };
    const disturb = (world: MemoryCluster, drifted: string, failing: string): void => {
      if (world.objects.has(key(drifted))) world.objects.set(key(drifted), ours(drifted, { drift: 1 }));
      world.onWrite = (write) => !write.endsWith(key(failing));
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const [one, other] = [memoryCluster(), memoryCluster()];
        let settled: RoundResult['settled'] = new Map();
        for (const { wanted, drifted, failing } of steps) {
          const wishes = [wish(wanted.flatMap(([name, n]) => pool.get(name + n) ?? []))];
          const round = async (world: MemoryCluster, known?: RoundResult['settled']): Promise<RoundResult> => {
            disturb(world, drifted, failing);
            const { record } = world;
            return runRound({
              cluster: world,
              record,
              fences: [],
              wishes,
              gate: all,
              moves,
              lingers,
              leads,
              settled: known,
              mode: 'sync',
            });
          };
          const { settled: next, ...left } = await round(
            one,
            new Map([...settled].filter(([at]) => at !== key(drifted))),
          );
          settled = next;
          expect(left).toEqual(withoutMemory(await round(other)));
          expect(one.objects).toEqual(other.objects);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('killed at any write and started again, never leaves an object that the record does not name, and converges', async () => {
    const sets = fc.array(fc.subarray(['a', 'b', 'c', 'd']), { minLength: 1, maxLength: 5 });
    const deaths = fc.array(fc.nat(12), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sets, deaths, async (steps, crashes) => {
        cluster = memoryCluster();
        gate = { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) };
        for (const [index, names] of steps.entries()) {
          let left = crashes[index] ?? Number.POSITIVE_INFINITY;
          cluster.onWrite = () => {
            if (left <= 0) throw new Error('killed');
            left -= 1;
            return true;
          };
          const wanted = [wish(names.map((name) => rendered(name)))];
          await run(wanted).catch(() => undefined);
          const named = new Set(cluster.record.owned.map((owned) => objectKey(owned)));
          for (const there of cluster.objects.keys()) expect(named.has(there)).toBe(true);
          cluster.onWrite = () => true;
          await run(wanted);
          expect([...cluster.objects.keys()].sort()).toEqual(names.map(key).sort());
          expect(cluster.record.owned.map(({ name }) => name)).toEqual([...names].sort());
        }
      }),
      { numRuns: 60 },
    );
  });
});
