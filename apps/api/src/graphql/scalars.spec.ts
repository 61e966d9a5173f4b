import { parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { formatDateTime, jsonOfLiteral, parseDateTime, parseJson } from './scalars.js';

describe('DateTime', () => {
  it.each([
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    'yesterday',
    '',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01 00:00:00Z',
    0,
    null,
    {},
    '2025-02-29T00:00:00Z',
  ])('refuses %j', (text) => {
    expect(() => parseDateTime(text)).toThrow(/DateTime/);
  });

  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2024-02-29T23:59:59.123456789+02:00', '2024-02-29T21:59:59.123Z'],
    ['2026-01-31T12:00:00.5-08:00', '2026-01-31T20:00:00.500Z'],
  ])('takes %s', (text, utc) => {
    expect(parseDateTime(text).toISOString()).toBe(utc);
  });

  it('answers UTC with milliseconds', () => {
    expect(formatDateTime(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('JSON', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  it('refuses what is nested too deep, and takes what just fits', () => {
    expect(() => parseJson(nested(33))).toThrow(/32 levels/);
    expect(parseJson(nested(32))).toEqual(nested(32));
  });

  it('refuses too many values', () => {
    expect(() => parseJson(Array.from({ length: 100_000 }, () => 0))).toThrow(/100000 values/);
  });

  it('refuses a key that would reach a prototype', () => {
    expect(() => parseJson(JSON.parse('{"a": {"__proto__": {"b": 1}}}'))).toThrow(/__proto__/);
  });

  it('reads literals with variables in them', () => {
    expect(jsonOfLiteral(parseValue('{a: [1, 2.5, true, null, X, "s", $v]}'), { v: { b: 2 } })).toEqual({
      a: [1, 2.5, true, null, 'X', 's', { b: 2 }],
    });
  });
});
