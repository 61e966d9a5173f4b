import { Td, Th, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';
import type { Column } from './data-table.js';
import type { RowPlace } from './row-windows.js';
import { WindowedTable, type Asking } from './windowed-table.js';

interface WindowedColumnsProps<T> {
  label: string;
  columns: readonly Column<T>[];
  /** A hook, as of a windowed table. */
  useRows: (place: RowPlace, skip: boolean) => Asking<T>;
  keyOf: (row: T, at: number) => string;
  empty: ReactNode;
}

/** A table of any length whose columns are the same for every row. Give it a key of what it lists. */
export function WindowedColumns<T>({ columns, ...props }: WindowedColumnsProps<T>): ReactNode {
  const head = (
    <Tr>
      {columns.map(([title]) => (
        <Th key={title}>{title}</Th>
      ))}
    </Tr>
  );
  const cells = (row: T): ReactNode =>
    columns.map(([title, cell]) => (
      <Td key={title} dataLabel={title}>
        {cell(row)}
      </Td>
    ));
  return <WindowedTable {...props} head={head} cells={cells} />;
}
