import { Content } from '@patternfly/react-core';
import { Table, Tbody, Td, Thead, Tr } from '@patternfly/react-table';
import {
  memo,
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import { messages } from '../messages/messages.js';
import { Failed, Loading } from './states.js';
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
  type WindowPage,
} from './row-windows.js';
import { useNear } from './use-near.js';

/** What is known of the rows from a place. */
export interface Asking<T> {
  page: WindowPage<T> | undefined;
  error: Error | undefined;
  again: () => void;
}

interface WindowedTableProps<T> {
  label: string;
  /** The row of titles. */
  head: ReactNode;
  /** A hook: rows from a place; nothing is asked for while `skip`. */
  useRows: (place: RowPlace, skip: boolean) => Asking<T>;
  /** Unique within a window; `at`: the place in it, for rows that have no name. */
  keyOf: (row: T, at: number) => string;
  /** The cells of a row. */
  cells: (row: T) => ReactNode;
  /** Shown when there is no row at all. */
  empty: ReactNode;
}

/** Until a row was seen. */
const USUAL_ROW_PX = 44;

/**
 * A table of any length in one scroll: only windows of rows near what is seen are asked for and drawn, the others keep their place. Each
 * begins where the one before it ends, whatever changes meanwhile; one that is come to by a jump is asked for by its distance from the
 * nearest end that is known. Give it a key of what it lists.
 */
export function WindowedTable<T>(props: WindowedTableProps<T>): ReactNode {
  const { label, head, useRows, empty } = props;
  const { page, error, again } = useRows(FIRST_PLACE, false);
  const [seen, setSeen] = useState(FIRST_WINDOWS);
  const [rowPx, setRowPx] = useState(USUAL_ROW_PX);
  const total = page?.totalCount ?? undefined;
  const windows = useMemo(() => withTotal(seen, total), [seen, total]);
  const note = useCallback(
    (index: number, found?: WindowPage<unknown>): void =>
      setSeen((known) => {
        const all = withTotal(known, total);
        return found === undefined ? withPlace(all, index) : withPage(all, index, found);
      }),
    [total],
  );
  if (page === undefined) return error === undefined ? <Loading /> : <Failed error={error} again={again} />;
  if (page.nodes.length === 0) return empty;
  return (
    <>
      {error === undefined ? null : <Failed error={error} again={again} />}
      <Table aria-label={label} variant="compact" aria-rowcount={total === undefined ? -1 : total + 1}>
        <Thead>{head}</Thead>
        {windows.map(({ place }, index) => (
          <Rows
            key={index}
            {...props}
            {...{ index, rowPx, note, setRowPx }}
            {...placeOf(windows, index)}
            isPlaced={place !== undefined}
            start={startOf(windows, index)}
            rows={rowsOf(windows, index, total)}
          />
        ))}
      </Table>
      <Content component="small" role="status">
        {total === undefined ? uncountedText(windows) : messages.list.total(total)}
      </Content>
    </>
  );
}

/** Of a list that the server does not count: what is known of its length so far. */
function uncountedText(windows: readonly RowWindow[]): string {
  const known = windows.filter(({ count }) => count !== undefined);
  const rows = startOf(known, known.length);
  return windows.at(-1)?.isLast === true ? messages.list.total(rows) : messages.list.moreThan(rows);
}

interface RowsProps<T> extends WindowedTableProps<T>, RowPlace {
  index: number;
  start: number;
  rowPx: number;
  setRowPx: (px: number) => void;
  /** How many rows it has, or will have as far as one knows. */
  rows: number;
  /** Tells that somebody is near, or what was found. */
  note: (index: number, page?: WindowPage<unknown>) => void;
  /** True if it is known where it begins: what is not is asked for where somebody stays. */
  isPlaced: boolean;
}

/** Whoever drags through a list passes windows without seeing them: they are not asked for, in milliseconds. */
const STAY_MS = 120;

/** One window of rows, or its place. What is drawn takes its time when something else is to be done, so that nobody's click waits for a hundred rows. */
function RowWindowBody<T>(props: RowsProps<T>): ReactNode {
  const { index, after, offset, start, rows, rowPx, setRowPx, useRows, note, isPlaced, keyOf, cells } = props;
  const { ref, element, isNear } = useNear<HTMLTableSectionElement>(index === 0);
  useEffect(() => {
    if (isPlaced || !isNear) return undefined;
    const timer = setTimeout(() => note(index), STAY_MS);
    return () => clearTimeout(timer);
  }, [note, index, isPlaced, isNear]);
  const { page: found, error, again } = useRows({ after, offset }, !isNear || !isPlaced);
  useEffect(() => {
    if (found !== undefined) note(index, found);
  }, [note, index, found]);
  const known = useLast(found);
  const page = useDeferredValue((isNear ? known : undefined) ?? null, null);
  const height = useHeight(element, page?.nodes.length, setRowPx);
  if (error !== undefined)
    return (
      <Tbody ref={ref}>
        <Tr>
          <Td colSpan={99}>
            <Failed error={error} again={again} />
          </Td>
        </Tr>
      </Tbody>
    );
  if (page === null) return <Tbody ref={ref} aria-hidden style={{ height: height.current ?? rows * rowPx }} />;
  return (
    <Tbody ref={ref}>
      {page.nodes.map((row, at) => (
        <Tr key={keyOf(row, at)} aria-rowindex={start + at + 2}>
          {cells(row)}
        </Tr>
      ))}
    </Tbody>
  );
}

/** The same body is not drawn again because another window became known. */
const Rows = memo(RowWindowBody) as typeof RowWindowBody;

/** What was there last, while what takes its place is on the way. */
function useLast<V>(value: V | undefined): V | undefined {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return last.current;
}

/** How high the rows of a window were when they were drawn last. */
function useHeight(
  place: RefObject<HTMLTableSectionElement | null>,
  rows: number | undefined,
  setRowPx: (px: number) => void,
): RefObject<number | undefined> {
  const height = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (rows === undefined || rows === 0 || place.current === null) return;
    height.current = place.current.offsetHeight;
    if (height.current > 0) setRowPx(height.current / rows);
  }, [place, rows, setRowPx]);
  return height;
}
