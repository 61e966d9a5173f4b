import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDuration, durationMs, durationText } from './durations.js';

describe('durations', () => {
  it.each(['', '5', 's', '1.s', '-1s', '1 s', '1S', '1s1m', '1s1s', '1.5ms', '0.0001s', '1d', '12345678s', 'Infinity'])(
    'refuse %j',
    (text) => {
      expect(durationMs(text)).toBeUndefined();
      expect(checkDuration(0, 1e12)(text)?.code).toBe('ISM0950');
    },
  );

  it('read units from large to small, and fractions down to a millisecond', () => {
    expect(['0s', '250ms', '1.5s', '1m30s', '2h', '1h0.5s10ms'].map(durationMs)).toEqual([
      0, 250, 1_500, 90_000, 7_200_000, 3_600_510,
    ]);
  });

  it('lie between the bounds, both inclusive', () => {
    const check = checkDuration(10, 2_000);
    expect(['9ms', '10ms', '2s', '2001ms'].map((text) => check(text) === undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(9_000_000), (ms) => {
        expect(durationMs(durationText(ms))).toBe(ms);
      }),
    );
  });
});
