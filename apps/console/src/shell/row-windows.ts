/** How many rows are asked for at once. */
export const WINDOW_ROWS = 100;

/** Rows as the server cut them. */
export interface WindowPage<T> {
  totalCount?: number | null;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: readonly T[];
}

/** Where rows begin: after a cursor, null for the first row, and so many rows further. */
export interface RowPlace {
  after: string | null;
  offset: number;
}

/** A window of rows. What was not seen of it yet is undefined. */
export interface RowWindow {
  /** Where it begins; undefined until somebody comes near. */
  place?: RowPlace;
  /** Rows in it. */
  count?: number;
  /** Cursor of its last row. */
  end?: string;
  /** True if the server said that nothing comes after it, whatever it counted before. */
  isLast?: boolean;
}

export const FIRST_PLACE: RowPlace = { after: null, offset: 0 };
const FIRST_WINDOW: RowWindow = { place: FIRST_PLACE };
export const FIRST_WINDOWS: readonly RowWindow[] = [FIRST_WINDOW];

/** How many rows stand before a window; of one that was never seen, as many are taken for there as are asked for. */
export function startOf(windows: readonly RowWindow[], index: number): number {
  return windows.slice(0, index).reduce((sum, { count = WINDOW_ROWS }) => sum + count, 0);
}

/** How many rows a window has, or will have, as far as one knows. */
export function rowsOf(windows: readonly RowWindow[], index: number, total: number | undefined): number {
  const { count } = windows[index] ?? {};
  if (count !== undefined || total === undefined) return count ?? WINDOW_ROWS;
  return Math.max(1, Math.min(WINDOW_ROWS, total - startOf(windows, index)));
}

/** So many windows that all rows have one: others are added behind, or those taken away that nobody saw and that are too many. */
export function withTotal(windows: readonly RowWindow[], total: number | undefined): readonly RowWindow[] {
  if (total === undefined || windows.at(-1)?.isLast === true) return windows;
  const found = [...windows];
  while (found.length > 1 && found.at(-1)?.count === undefined && startOf(found, found.length - 1) >= total)
    found.pop();
  const missing = total - startOf(found, found.length);
  for (let rows = missing; rows > 0; rows -= WINDOW_ROWS) found.push({});
  return found.length === windows.length ? windows : found;
}

/** Where a window is to be asked for: where it was, or else so far after the nearest end that is known before it. */
export function placeOf(windows: readonly RowWindow[], index: number): RowPlace {
  const known = windows[index]?.place;
  if (known !== undefined) return known;
  const before = windows.slice(0, index);
  const last = before.findLastIndex(({ end }) => end !== undefined);
  return { after: before[last]?.end ?? null, offset: startOf(before.slice(last + 1), before.length - last - 1) };
}

/** The windows once somebody came near one of them: it keeps its place from then on. */
export function withPlace(windows: readonly RowWindow[], index: number): readonly RowWindow[] {
  if (windows[index] === undefined || windows[index].place !== undefined) return windows;
  return windows.with(index, { ...windows[index], place: placeOf(windows, index) });
}

/**
 * The windows once the rows of one were seen: the next begins where it ends, whatever it was asked by before, and there is none after
 * the last row. The very same list where nothing changes. What comes after the next keeps its place until the next is seen anew.
 */
export function withPage(
  windows: readonly RowWindow[],
  index: number,
  { nodes, pageInfo: { hasNextPage, endCursor } }: WindowPage<unknown>,
): readonly RowWindow[] {
  const known = windows[index];
  if (known === undefined) return windows;
  const follows = hasNextPage && endCursor !== null;
  const seen: RowWindow = {
    place: placeOf(windows, index),
    ...{ count: nodes.length, isLast: !follows },
    ...(endCursor === null ? {} : { end: endCursor }),
  };
  if (!follows) return same(windows, endingWith(windows.slice(0, index), seen));
  const next = { ...windows[index + 1], place: { after: endCursor, offset: 0 } };
  return same(windows, [...windows.slice(0, index), seen, next, ...windows.slice(index + 2)]);
}

/** The known list if the new one says the same. */
function same(known: readonly RowWindow[], found: readonly RowWindow[]): readonly RowWindow[] {
  const isSame = ({ place, ...one }: RowWindow, other: RowWindow | undefined): boolean =>
    place?.after === other?.place?.after &&
    place?.offset === other?.place?.offset &&
    (['count', 'end', 'isLast'] as const).every((key) => one[key] === other?.[key]);
  return known.length === found.length && found.every((one, at) => isSame(one, known[at])) ? known : found;
}

/** A list that became shorter than a jump into it ends before the window that turned out to be empty. */
function endingWith(before: readonly RowWindow[], last: RowWindow): readonly RowWindow[] {
  const previous = before.at(-1);
  if (last.count !== 0 || previous === undefined) return [...before, last];
  return before.with(-1, { ...previous, isLast: true });
}
