import { Content } from '@patternfly/react-core';
import { Table, Tbody, Td, Thead, Tr } from '@patternfly/react-table';
import {
  memo,
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import { messages } from '../messages/messages.js';
import { Failed, Loading } from './states.js';
import { FIRST_WINDOW, startOf, withPage, type RowWindow, type WindowPage } from './row-windows.js';
import { useNear } from './use-near.js';

/** What is known of the rows after a cursor. */
export interface Asking<T> {
  page: WindowPage<T> | undefined;
  error: Error | undefined;
  again: () => void;
}

interface WindowedTableProps<T> {
  label: string;
  /** The row of titles. */
  head: ReactNode;
  /** A hook: rows after a cursor, null for the first ones; nothing is asked for while `skip`. */
  useRows: (after: string | null, skip: boolean) => Asking<T>;
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
 * A table of any length in one scroll: only windows of rows near what is seen are asked for and drawn, the others keep their place. The
 * server cuts windows by cursors, so each begins where the one before it ends, whatever changes meanwhile. Give it a key of what it lists.
 */
export function WindowedTable<T>(props: WindowedTableProps<T>): ReactNode {
  const { label, head, useRows, empty } = props;
  const { page, error, again } = useRows(null, false);
  const [windows, setWindows] = useState<readonly RowWindow[]>([FIRST_WINDOW]);
  const [rowPx, setRowPx] = useState(USUAL_ROW_PX);
  const rest = useNear<HTMLTableSectionElement>(false);
  const note = useCallback((index: number, found: WindowPage<unknown>): void => {
    setWindows((known) => withPage(known, index, found));
  }, []);
  if (page === undefined) return error === undefined ? <Loading /> : <Failed error={error} again={again} />;
  if (page.nodes.length === 0) return empty;
  const total = page.totalCount ?? undefined;
  const end = startOf(windows, windows.length);
  return (
    <>
      {error === undefined ? null : <Failed error={error} again={again} />}
      <Table aria-label={label} variant="compact" aria-rowcount={total === undefined ? -1 : total + 1}>
        <Thead>{head}</Thead>
        {windows.map(({ after }, index) => (
          <Rows
            key={index}
            {...props}
            {...{ index, after, rowPx, note, setRowPx }}
            start={startOf(windows, index)}
            isWanted={rest.isNear && index === windows.length - 1}
          />
        ))}
        <Tbody ref={rest.ref} aria-hidden style={{ height: Math.max(0, (total ?? end) - end) * rowPx }} />
      </Table>
      <Content component="small" role="status">
        {total === undefined ? null : messages.list.total(total)}
      </Content>
    </>
  );
}

interface RowsProps<T> extends WindowedTableProps<T>, Pick<RowWindow, 'after'> {
  index: number;
  start: number;
  rowPx: number;
  setRowPx: (px: number) => void;
  note: (index: number, page: WindowPage<unknown>) => void;
  /** True if it is to be asked for although it is not near: what is seen comes after it. */
  isWanted: boolean;
}

/**
 * One window of rows, or its place. What is only on the way to somewhere is not drawn; what is drawn takes its time when something else
 * is to be done, so that nobody's click waits for a hundred rows.
 */
function RowWindowBody<T>(props: RowsProps<T>): ReactNode {
  const { index, after, start, rowPx, setRowPx, useRows, note, isWanted, keyOf, cells } = props;
  const { ref, element, isNear } = useNear<HTMLTableSectionElement>(index === 0);
  const { page: known, error, again } = useRows(after, !isNear && !isWanted);
  useEffect(() => {
    if (known !== undefined) note(index, known);
  }, [note, index, known]);
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
  if (page === null) return <Tbody ref={ref} aria-hidden style={{ height: height.current ?? 100 * rowPx }} />;
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
