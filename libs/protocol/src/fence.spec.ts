import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePairs, judge } from './fence.js';

const root = 'a'.repeat(64);
const other = 'b'.repeat(64);

describe('judge', () => {
  it.each([
    [{ epoch: 1, seq: 4 }, 'stale'],
    [{ epoch: 0, seq: 99 }, 'stale'],
    [{ epoch: 1, seq: 5 }, 'same'],
    [{ epoch: 1, seq: 6 }, 'newer'],
    [{ epoch: 2, seq: 0 }, 'newer'],
  ] as const)('says of %o against (1, 5): %s', (offered, verdict) => {
    expect(judge({ epoch: 1, seq: 5, root }, { ...offered, root })).toBe(verdict);
  });

  it('calls one pair with two roots a fault, and an older root with a higher pair newer', () => {
    expect(judge({ epoch: 1, seq: 5, root }, { epoch: 1, seq: 5, root: other })).toBe('fault');
    expect(judge({ epoch: 1, seq: 5, root }, { epoch: 1, seq: 6, root: other })).toBe('newer');
  });

  it('never lets any order of arrival go back', () => {
    const position = fc.record({ epoch: fc.nat(3), seq: fc.nat(5), root: fc.constant(root) });
    fc.assert(
      fc.property(fc.array(position, { minLength: 1 }), (arrivals) => {
        let stored: { epoch: number; seq: number; root: string } | undefined;
        for (const offered of arrivals) {
          const before = stored;
          if (judge(stored, offered) === 'newer') stored = offered;
          if (before && stored) expect(comparePairs(stored, before)).toBeGreaterThanOrEqual(0);
        }
        const highest = [...arrivals].sort(comparePairs).at(-1);
        expect(stored).toEqual(highest);
      }),
    );
  });
});
