import { manualClock } from '@isthmus/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { foreign, ours } from '../cluster/contract.fixture.js';
import { memoryCluster } from '../cluster/memory-cluster.js';
import type { MemoryCluster } from '../cluster/memory-cluster.js';
import { createBreaker } from './breaker.js';
import type { GnsWish, RenderWish } from './desired.js';
import { createLeads } from './leads.js';
import { createLingers } from './lingers.js';
import { createMoves } from './moves.js';
import { keyOf } from './object-keys.js';
import { createPruneGate } from './prune-gate.js';
import { isQuietAgain, quietRound } from './quiet-round.js';
import { runRound } from './run-round.js';
import type { Round, RoundResult } from './run-round.js';

const WISH: RenderWish = {
  ...{ gns: 'g1', kind: 'render', keepHosts: new Set(), planned: false },
  objects: ['a', 'b'].map((name) => ({ side: 'owner', order: 0, host: undefined, object: ours(name, { name }) })),
};

describe('a quiet round', () => {
  let cluster: MemoryCluster;
  beforeEach(() => {
    cluster = memoryCluster();
  });
  const roundOf = async (wishes: readonly GnsWish[], more: Partial<Round> = {}): Promise<Round> => ({
    ...{ cluster, record: await cluster.loadRecord(), fences: [], wishes, mode: 'sync' },
    gate: createPruneGate(createBreaker(manualClock())),
    moves: createMoves(manualClock(), 2000),
    lingers: createLingers(manualClock(), 10_000),
    leads: createLeads(manualClock(), 1000),
    ...more,
  });
  /** The round that follows when nothing was heard. */
  const after = (round: Round, { record, settled }: RoundResult): Round => ({ ...round, record, settled });
  const quiet = async (): Promise<{ next: Round; known: NonNullable<ReturnType<typeof quietRound>> }> => {
    const round = await roundOf([WISH]);
    const result = await runRound(round);
    const known = quietRound(round, result);
    if (known === undefined) throw new Error('the round was not quiet');
    return { next: after(round, result), known };
  };

  it('is none that left something open: a conflict, a failure, a wish to keep, an object that nobody wants any more', async () => {
    cluster.objects.set(keyOf(ours('a')), foreign('a'));
    const conflict = await roundOf([WISH]);
    expect(quietRound(conflict, await runRound(conflict))).toBeUndefined();
    cluster.objects.clear();
    const whole = await roundOf([WISH]);
    const done = await runRound(whole);
    const keep = await roundOf([{ gns: 'g1', kind: 'keep' }]);
    expect(quietRound(keep, await runRound(keep))).toBeUndefined();
    const fewer = await roundOf([{ ...WISH, objects: WISH.objects.slice(1) }], { mode: 'upsert-only' });
    expect(quietRound(fewer, await runRound(fewer))).toBeUndefined();
    for (const open of [{ failed: true }, { held: ['x'] }])
      expect(quietRound(whole, { ...done, results: done.results.map((one) => ({ ...one, ...open })) })).toBeUndefined();
    expect(quietRound(whole, { ...done, wakeInMs: 1 })).toBeUndefined();
  });

  it('is not the same again when anything that it was given is another, or somebody wants to look', async () => {
    const { next, known } = await quiet();
    const fence = { gns: 'g1', line: 'policy' as const, epoch: 1, seq: 1, root: 'r' };
    const others: Partial<Round>[] = [
      { settled: undefined },
      { settled: new Map(next.settled) },
      { record: { ...next.record } },
      { mode: 'upsert-only' },
      { fences: [fence] },
      { wishes: [] },
      { wishes: [WISH, { ...WISH, gns: 'g2' }] },
      { wishes: [{ gns: 'g1', kind: 'keep' }] },
      { wishes: [{ ...WISH, objects: [...WISH.objects] }] },
      { wishes: [{ ...WISH, keepHosts: new Set(['h']) }] },
      { wishes: [{ ...WISH, planned: true }] },
    ];
    for (const other of others) expect(isQuietAgain(known, { ...next, ...other })).toBe(false);
  });

  it('is the same again while nothing changes, and another round would have found exactly that', async () => {
    const { next, known } = await quiet();
    expect(isQuietAgain(known, { ...next, wishes: [{ ...WISH }], fences: [] })).toBe(true);
    const again = await runRound(next);
    expect(again.record).toEqual(known.result.record);
    expect(again.results).toEqual(known.result.results);
    expect(again.settled).toEqual(known.result.settled);
  });
});
