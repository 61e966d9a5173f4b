/** How many rows are asked for at once. */
export const WINDOW_ROWS = 100;

/** Rows as the server cut them. */
export interface WindowPage<T> {
  totalCount?: number | null;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: readonly T[];
}

/** Rows after a cursor, null for the first ones; `count` is undefined until they were seen. */
export interface RowWindow {
  after: string | null;
  count?: number;
}

export const FIRST_WINDOW: RowWindow = { after: null };

/** How many rows stand before a window; of one that was never seen, as many are taken for there as are asked for. */
export function startOf(windows: readonly RowWindow[], index: number): number {
  return windows.slice(0, index).reduce((sum, { count = WINDOW_ROWS }) => sum + count, 0);
}

/**
 * The windows once the rows of one were seen: the next begins where it ends, and there is none after the last row. The very same list
 * where nothing changes. What comes after the next keeps its place until the next is seen anew.
 */
export function withPage(
  windows: readonly RowWindow[],
  index: number,
  { nodes, pageInfo: { hasNextPage, endCursor } }: WindowPage<unknown>,
): readonly RowWindow[] {
  const known = windows[index];
  if (known === undefined) return windows;
  const follows = hasNextPage && endCursor !== null;
  const next = windows[index + 1];
  const isAsKnown = known.count === nodes.length && (follows ? next?.after === endCursor : next === undefined);
  if (isAsKnown) return windows;
  const before = [...windows.slice(0, index), { ...known, count: nodes.length }];
  return follows ? [...before, { ...next, after: endCursor }, ...windows.slice(index + 2)] : before;
}
