import { describe, expect, it } from 'vitest';
import { instantOf } from './instant.js';

describe('a time on the command line', () => {
  it.each([
    ...['', '5', '12', 'yesterday', 'hour 1', '30d', '2027-02-31', '2027-02-30T10:00:00Z', '2026-13-01'],
    ...['2026-11-28T10:00:00', '2026-11-28 10:00', '11/12/2026', '2026-11-28T25:00:00Z', '1764410000'],
  ])('is not %j', (text) => {
    expect(() => instantOf('--from', text, 'START')).toThrow(`--from takes a day or a time in RFC 3339`);
  });

  it.each([
    ['2028-02-29', 'START', '2028-02-29T00:00:00.000Z'],
    ['2028-02-29', 'END', '2028-02-29T23:59:59.000Z'],
    ['2026-11-28T10:00:00Z', 'END', '2026-11-28T10:00:00.000Z'],
    ['2026-11-28t10:00:00.25+02:00', 'START', '2026-11-28T08:00:00.250Z'],
  ] as const)('is %s, with a day from its %s', (text, ofDay, instant) => {
    expect(instantOf('--from', text, ofDay)).toBe(instant);
  });
});
