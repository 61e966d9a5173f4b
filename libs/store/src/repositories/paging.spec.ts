import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadCursorError, decodeCursor, encodeCursor, pageOf, pageOffset, pageSize } from './paging.js';

describe('cursors', () => {
  it('refuse whatever was not encoded here, without any other error', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 3 }), (text, length) => {
        try {
          expect(decodeCursor(text, length)).toHaveLength(length);
        } catch (error) {
          expect(error).toBeInstanceOf(BadCursorError);
        }
      }),
    );
  });

  it('refuse parts of another number or another type', () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(() => decodeCursor(encode(['a']), 2)).toThrow(BadCursorError);
    expect(() => decodeCursor(encode(['a', 1]), 2)).toThrow(BadCursorError);
    expect(() => decodeCursor(encode({ 0: 'a', length: 1 }), 1)).toThrow(BadCursorError);
  });

  it('come back as they went, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), (parts) => {
        expect(decodeCursor(encodeCursor(parts), parts.length)).toEqual(parts);
      }),
    );
  });
});

describe('pages', () => {
  const view = { record: (row: number) => row * 10, cursor: (row: number) => [String(row)] };

  it.each([0, 1001, 1.5, Number.NaN, -1])('refuse a size of %s', (first) => {
    expect(() => pageSize(first)).toThrow(RangeError);
  });

  it.each([1, 1000])('take a size of %s', (first) => {
    expect(pageSize(first)).toBe(first);
  });

  it.each([-1, 1_000_001, 0.5, Number.NaN])('refuse to pass over %s rows', (offset) => {
    expect(() => pageOffset(offset)).toThrow(RangeError);
  });

  it.each([0, 1_000_000])('pass over %s rows, and none if it is not said', (offset) => {
    expect([pageOffset(offset), pageOffset()]).toEqual([offset, 0]);
  });

  it('say that there is more only when one row more was read', () => {
    expect(pageOf([1, 2], 2, view)).toMatchObject({ hasNextPage: false, items: [{ record: 10 }, { record: 20 }] });
    expect(pageOf([1, 2, 3], 2, view)).toMatchObject({ hasNextPage: true, items: [{ record: 10 }, { record: 20 }] });
    expect(pageOf([], 2, view)).toEqual({ hasNextPage: false, items: [] });
  });
});
