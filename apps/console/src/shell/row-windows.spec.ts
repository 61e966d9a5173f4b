import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FIRST_WINDOW, startOf, withPage, type RowWindow } from './row-windows.js';

const page = (rows: number, endCursor: string | null, hasNextPage = endCursor !== null) => ({
  nodes: Array.from({ length: rows }, (_, index) => index),
  pageInfo: { hasNextPage, endCursor },
});

it('knows nothing of a window that is not there any more', () => {
  const windows = [FIRST_WINDOW];
  expect(withPage(windows, 1, page(100, 'b'))).toBe(windows);
});

it('lets the next window begin where one ends, and has none after the last row', () => {
  const first = withPage([FIRST_WINDOW], 0, page(100, 'a'));
  expect(first).toEqual([{ after: null, count: 100 }, { after: 'a' }]);
  expect(withPage(first, 1, page(7, 'b', false))).toEqual([
    { after: null, count: 100 },
    { after: 'a', count: 7 },
  ]);
  expect(withPage([FIRST_WINDOW], 0, page(3, null, true))).toEqual([{ after: null, count: 3 }]);
});

it('is the very same list where nothing changes, and moves the next window where rows came or went', () => {
  const known: RowWindow[] = [{ after: null, count: 100 }, { after: 'a', count: 100 }, { after: 'b' }];
  expect(withPage(known, 0, page(100, 'a'))).toBe(known);
  expect(withPage(known, 0, page(100, 'aa'))).toEqual([
    { after: null, count: 100 },
    { after: 'aa', count: 100 },
    { after: 'b' },
  ]);
  expect(withPage(known, 0, page(40, 'x', false))).toEqual([{ after: null, count: 40 }]);
});

it('takes a window that was never seen for as long as one that is asked for', () => {
  expect(startOf([{ after: null, count: 30 }, { after: 'a' }, { after: 'b', count: 5 }], 3)).toBe(135);
  expect(startOf([], 0)).toBe(0);
});

it('comes to every row once, in order, however many there are and whichever windows are seen again', () => {
  const rowsAfter = (all: number, after: string | null) => {
    const from = after === null ? 0 : Number(after);
    const nodes = Array.from({ length: Math.min(100, all - from) }, (_, index) => from + index);
    return { nodes, pageInfo: { hasNextPage: from + nodes.length < all, endCursor: String(from + nodes.length) } };
  };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1050 }), fc.array(fc.nat(12), { maxLength: 40 }), (all, looks) => {
      let windows: readonly RowWindow[] = [FIRST_WINDOW];
      const look = (index: number): void => {
        const at = windows[index];
        if (at !== undefined) windows = withPage(windows, index, rowsAfter(all, at.after));
      };
      looks.forEach(look);
      for (let index = 0; index < windows.length; index += 1) look(index);
      const rows = windows.flatMap(({ after }) => rowsAfter(all, after).nodes);
      expect(rows).toEqual(Array.from({ length: all }, (_, index) => index));
      expect(startOf(windows, windows.length)).toBe(all);
    }),
  );
});
