import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  FIRST_PLACE,
  FIRST_WINDOWS,
  placeOf,
  rowsOf,
  startOf,
  withPage,
  withPlace,
  withTotal,
  type RowPlace,
  type RowWindow,
} from './row-windows.js';

const page = (rows: number, endCursor: string | null, hasNextPage = endCursor !== null) => ({
  nodes: Array.from({ length: rows }, (_, index) => index),
  pageInfo: { hasNextPage, endCursor },
});
const after = (cursor: string | null, offset = 0): RowPlace => ({ after: cursor, offset });

it('knows nothing of a window that is not there any more', () => {
  expect(withPage(FIRST_WINDOWS, 1, page(100, 'b'))).toBe(FIRST_WINDOWS);
  expect(withPlace(FIRST_WINDOWS, 1)).toBe(FIRST_WINDOWS);
});

it('lets the next window begin where one ends, and has none after the last row', () => {
  const first = withPage(FIRST_WINDOWS, 0, page(100, 'a'));
  expect(first).toEqual([{ place: FIRST_PLACE, count: 100, end: 'a', isLast: false }, { place: after('a') }]);
  expect(withPage(first, 1, page(7, 'b', false))).toEqual([
    first[0],
    { place: after('a'), count: 7, end: 'b', isLast: true },
  ]);
  expect(withPage(FIRST_WINDOWS, 0, page(3, null, true))).toEqual([{ place: FIRST_PLACE, count: 3, isLast: true }]);
});

it('is the very same list where nothing changes, and moves the next window where rows came or went', () => {
  const seen = withPage(FIRST_WINDOWS, 0, page(100, 'a'));
  const known = withPage(seen, 1, page(100, 'b'));
  expect(withPage(known, 0, page(100, 'a'))).toBe(known);
  expect(withPage(known, 0, page(100, 'aa'))).toEqual([
    { ...known[0], end: 'aa' },
    { ...known[1], place: after('aa') },
    known[2],
  ]);
  expect(withPage(known, 0, page(40, 'x', false))).toMatchObject([{ count: 40, isLast: true }]);
});

it('has as many windows as there are rows, also where nobody was, and those that are too many go', () => {
  const seen = withPage(FIRST_WINDOWS, 0, page(100, 'a'));
  expect(withTotal(seen, undefined)).toBe(seen);
  expect([200, 201, 10_000].map((total) => withTotal(seen, total).length)).toEqual([2, 3, 100]);
  expect(withTotal(withTotal(seen, 10_000), 250)).toHaveLength(3);
  const whole = withPage(FIRST_WINDOWS, 0, page(60, 'a', false));
  expect(withTotal(whole, 1_000)).toBe(whole);
});

it('comes to a window far away by its distance from the nearest end that is known, and keeps that until the one before it is seen', () => {
  const far = withPlace(withTotal(withPage(FIRST_WINDOWS, 0, page(100, 'a')), 1_000), 5);
  expect(far[5]?.place).toEqual(after('a', 400));
  const jumped = withPage(far, 5, page(100, 'f'));
  expect([placeOf(jumped, 6), placeOf(jumped, 8), placeOf(jumped, 3)]).toEqual([
    after('f'),
    after('f', 200),
    after('a', 200),
  ]);
  expect(withPlace(jumped, 5)).toBe(jumped);
  expect(withPage(withPlace(jumped, 4), 4, page(100, 'e'))[5]?.place).toEqual(after('e'));
});

it('ends before a jump that led behind the last row', () => {
  const far = withPlace(withTotal(withPage(FIRST_WINDOWS, 0, page(100, 'a')), 400), 3);
  const ended = withPage(far, 3, page(0, null, false));
  expect([ended.length, ended.at(-1)?.isLast, withTotal(ended, 400)]).toEqual([3, true, ended]);
});

it('takes a window that was never seen for as long as one that is asked for, and the last one for what remains', () => {
  const windows: RowWindow[] = [{ count: 30 }, {}, { count: 5 }, {}];
  expect([startOf(windows, 3), startOf([], 0)]).toEqual([135, 0]);
  expect([
    rowsOf(windows, 1, 150),
    rowsOf(windows, 3, 150),
    rowsOf(windows, 3, undefined),
    rowsOf(windows, 2, 150),
  ]).toEqual([100, 15, 100, 5]);
});

it('comes to every row once, in order, however many there are and wherever somebody jumps', () => {
  const rowsAt = (all: number, { after: cursor, offset }: RowPlace) => {
    const from = Number(cursor ?? 0) + offset;
    const nodes = Array.from({ length: Math.max(0, Math.min(100, all - from)) }, (_, index) => from + index);
    const end = nodes.length === 0 ? null : String(from + nodes.length);
    return { nodes, pageInfo: { hasNextPage: from + nodes.length < all, endCursor: end } };
  };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1050 }), fc.array(fc.nat(12), { maxLength: 40 }), (all, looks) => {
      let windows = FIRST_WINDOWS;
      const look = (index: number): void => {
        windows = withPlace(withTotal(windows, all), index);
        if (windows[index] !== undefined) windows = withPage(windows, index, rowsAt(all, placeOf(windows, index)));
      };
      [0, ...looks].forEach(look);
      for (let index = 0; index < windows.length; index += 1) look(index);
      const rows = windows.flatMap((_, index) => rowsAt(all, placeOf(windows, index)).nodes);
      expect(rows).toEqual(Array.from({ length: all }, (_, index) => index));
      expect(startOf(windows, windows.length)).toBe(all);
    }),
  );
});
