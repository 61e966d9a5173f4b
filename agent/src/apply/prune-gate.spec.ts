import { objectKey } from '@isthmus/domain';
import { manualClock } from '@isthmus/platform';
import { heldSetHash } from '@isthmus/plan';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OwnedObject } from '../cluster/cluster-port.js';
import { createBreaker } from './breaker.js';
import { createPruneGate, type PruneGate } from './prune-gate.js';

const owned = (name: string, host?: string, gns = 'g'): OwnedObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  gns,
  side: 'client',
  order: 0,
  host,
  hash: 'h',
  uid: undefined,
});
const of = (count: number, host?: string, prefix = host ?? 'shared'): OwnedObject[] =>
  Array.from({ length: count }, (_, at) => owned(`${prefix}-${String(at)}`, host));

describe('the prune gate', () => {
  let gate: PruneGate;
  let clock: ReturnType<typeof manualClock>;
  beforeEach(() => {
    clock = manualClock();
    gate = createPruneGate(createBreaker(clock));
  });
  const judge = (removals: readonly OwnedObject[], decided: readonly string[] = [], total = 100) => {
    const isDecided = (_gns: string, host: string | undefined): boolean => decided.includes(host ?? 'shared');
    const { go, held } = gate.judge({ removals, total, planned: new Set(), isDecided });
    return { go: go.length, held: held.map((item) => item.host ?? 'shared') };
  };

  it('holds a host of a wrong centre: vanished, with no decision behind it', () => {
    expect(judge(of(6, 'a'), [], 23)).toEqual({ go: 0, held: Array<string>(6).fill('a') });
    expect(judge(of(6, 'a'), ['b'], 23).go).toBe(0);
  });

  it('lets go what was decided, whatever its size, and judges only the rest', () => {
    expect(judge([...of(60, 'a'), ...of(6, 'b')], ['a'], 23)).toEqual({ go: 60, held: Array<string>(6).fill('b') });
    expect(judge([...of(60, 'a'), ...of(4, 'b')], ['a'], 23)).toEqual({ go: 64, held: [] });
    expect(judge([...of(60, 'a'), ...of(60, 'b')], ['a', 'b'], 120)).toEqual({ go: 120, held: [] });
  });

  it('does not count what was decided: a small removal after a large one needs no approval either', () => {
    judge(of(60, 'a'), ['a']);
    expect(judge(of(20, 'b'))).toEqual({ go: 20, held: [] });
  });

  it('lets objects of no host go along with decided ones only, and never more of them', () => {
    expect(judge([...of(6, 'a'), ...of(6)], ['a'], 12)).toEqual({ go: 12, held: [] });
    expect(judge([...of(5, 'a'), ...of(6)], ['a'], 11).held).toHaveLength(6);
    expect(judge(of(6), ['a'], 6).go).toBe(0);
    expect(judge([...of(6, 'a'), ...of(6), ...of(6, 'b')], ['a'], 18).held).toHaveLength(12);
  });

  it('lets objects of no host go by themselves, if that was decided', () => {
    expect(judge(of(6), ['shared'], 6)).toEqual({ go: 6, held: [] });
    expect(judge([...of(6), ...of(6, 'a')], ['shared'], 12)).toEqual({ go: 6, held: Array<string>(6).fill('a') });
  });

  it('keeps an approval for what was shown, also when a part of that is decided meanwhile', () => {
    const all = [...of(6, 'a'), ...of(6, 'b')];
    judge(all, [], 12);
    gate.approve('g', heldSetHash(all.map((item) => objectKey(item))));
    expect(judge(all, ['a'], 12)).toEqual({ go: 12, held: [] });
  });

  it('does not let an approval grow', () => {
    const shown = of(6, 'a');
    judge(shown, [], 12);
    gate.approve('g', heldSetHash(shown.map((item) => objectKey(item))));
    expect(judge([...shown, ...of(1, 'b')], [], 12)).toMatchObject({ go: 0 });
  });

  it('never removes more than the breaker lets it without a decision', () => {
    const round = fc.record({
      hosts: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }),
      shared: fc.integer({ min: 0, max: 10 }),
      size: fc.integer({ min: 1, max: 30 }),
      decided: fc.subarray(['a', 'b', 'c', 'd']),
    });
    fc.assert(
      fc.property(fc.array(round, { maxLength: 8 }), (rounds) => {
        gate = createPruneGate(createBreaker(clock));
        let undecided = 0;
        for (const { hosts, shared, size, decided } of rounds) {
          const removals = [...hosts.flatMap((host) => of(size, host)), ...of(shared)];
          const isDecided = (_gns: string, host: string | undefined): boolean => decided.includes(host ?? 'shared');
          const { go } = gate.judge({ removals, total: 200, planned: new Set(), isDecided });
          undecided += go.filter(({ host }) => host !== undefined && !decided.includes(host)).length;
        }
        expect(undecided).toBeLessThanOrEqual(40);
      }),
    );
  });
});
