import { describe, expect, it } from 'vitest';
import type { OwnedObject } from '../cluster/cluster-port.js';
import type { GnsResult } from '../apply/run-round.js';
import type { Judged } from '../render/wish.js';
import { framesOf, Reporter } from './reporter.js';

const position = (line: 'policy' | 'catalog') => ({ gns: 'g', line, epoch: 1, seq: 1, root: 'a'.repeat(64) });
const judged: Judged = {
  ...{ wish: { gns: 'g', kind: 'keep' }, issues: [], state: 'APPLIED' },
  ...{ policy: position('policy'), catalog: position('catalog') },
};
const owned = (hash: string): OwnedObject => ({
  ...{ apiVersion: 'v1', kind: 'A', namespace: 'n', name: 'one', gns: 'g', side: 'owner', order: 1, hash },
});
const quiet: GnsResult = { gns: 'g', objects: [], issues: [], failed: false, waiting: false, held: [] };
const after = (hash: string, of = judged) => framesOf(of, { ...quiet, objects: [owned(hash)] });

describe('the reports of a round', () => {
  it('say a change of objects once: with the policy, and with the catalog where there is no policy', () => {
    const reporter = new Reporter();
    reporter.update(after('1'));
    expect(reporter.take().map(({ line, objects }) => [line, objects])).toEqual([
      ['policy', 1],
      ['catalog', 1],
    ]);
    reporter.update(after('2'));
    expect(reporter.take().map(({ line }) => line)).toEqual(['policy']);
    reporter.update(after('2'));
    expect(reporter.take()).toEqual([]);
    const alone = { ...judged, policy: undefined };
    expect(after('1', alone)[0]?.objectsHash).not.toBe(after('2', alone)[0]?.objectsHash);
  });

  it('say that routes wait, which acknowledges nothing, unless something failed', () => {
    const state = (more: Partial<GnsResult>): unknown[] =>
      framesOf({ ...judged, state: undefined }, { ...quiet, ...more }).map((frame) => frame.state);
    expect(state({ failed: true, waiting: true })).toEqual(['PARTIAL', 'PARTIAL']);
    expect(state({ waiting: true, held: ['one'] })).toEqual(['WAITING', 'WAITING']);
    expect(state({ held: ['one'] })).toEqual(['HELD', 'HELD']);
    expect(state({})).toEqual(['APPLIED', 'APPLIED']);
  });

  it('say of the policy that everything else is ready while its routes wait for owners, unless something failed', () => {
    const ready = (step: 'expand' | 'switch' | undefined, more: Partial<GnsResult> = {}): unknown[] => {
      const wish = {
        gns: 'g',
        kind: 'render' as const,
        objects: [],
        keepHosts: new Set<string>(),
        planned: false,
        step,
      };
      return framesOf({ ...judged, state: undefined, wish }, { ...quiet, ...more }).map((frame) => frame.ready);
    };
    expect(ready('expand', { waiting: true, failed: true })).toEqual([undefined, undefined]);
    expect(ready('switch', { waiting: true })).toEqual([undefined, undefined]);
    expect(ready(undefined, { waiting: true })).toEqual([undefined, undefined]);
    expect(ready('expand', { waiting: true })).toEqual([true, undefined]);
    expect(ready('expand')).toEqual([true, undefined]);
  });
});
