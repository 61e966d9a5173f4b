import { useMemo } from 'react';
import { WINDOW_ROWS, type RowPlace, type WindowPage } from './row-windows.js';
import type { Asking } from './windowed-table.js';

const nothing = (): void => undefined;

/** Rows that are there already, cut into windows as a server would: each is drawn when it comes near. */
export function useRowsAtHand<T>(rows: readonly T[]): (place: RowPlace, skip: boolean) => Asking<T> {
  return useMemo(() => {
    const pages = new Map<number, WindowPage<T>>();
    const pageAt = (start: number): WindowPage<T> => {
      const end = start + WINDOW_ROWS;
      const pageInfo = { hasNextPage: end < rows.length, endCursor: String(end) };
      return { totalCount: rows.length, pageInfo, nodes: rows.slice(start, end) };
    };
    return ({ after, offset }, skip) => {
      const start = Number(after ?? 0) + offset;
      const page = pages.get(start) ?? pageAt(start);
      pages.set(start, page);
      return { page: skip ? undefined : page, error: undefined, again: nothing };
    };
  }, [rows]);
}
