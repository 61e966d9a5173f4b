import { useMemo } from 'react';
import { WINDOW_ROWS, type WindowPage } from './row-windows.js';
import type { Asking } from './windowed-table.js';

const FIRST = '';
const nothing = (): void => undefined;

/** Rows that are there already, cut into windows as a server would: each is drawn when it comes near. */
export function useRowsAtHand<T>(rows: readonly T[]): (after: string | null, skip: boolean) => Asking<T> {
  return useMemo(() => {
    const pages = new Map<string, WindowPage<T>>();
    for (let start = 0; start === 0 || start < rows.length; start += WINDOW_ROWS) {
      const end = start + WINDOW_ROWS;
      const pageInfo = { hasNextPage: end < rows.length, endCursor: String(end) };
      pages.set(start === 0 ? FIRST : String(start), {
        ...{ totalCount: rows.length, pageInfo, nodes: rows.slice(start, end) },
      });
    }
    return (after, skip) => ({ page: skip ? undefined : pages.get(after ?? FIRST), error: undefined, again: nothing });
  }, [rows]);
}
