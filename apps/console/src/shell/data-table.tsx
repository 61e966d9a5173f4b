import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';

/** A column: its title and what it shows of a row. */
export type Column<T> = readonly [title: string, cell: (row: T) => ReactNode];

interface DataTableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** True where there is little room at any width: each cell names its column. */
  isNarrow?: boolean;
}

/** A table whose columns are the same for every row; on narrow screens each cell names its column. */
export function DataTable<T>({ label, columns, rows, keyOf, isNarrow = false }: DataTableProps<T>): ReactNode {
  return (
    <Table aria-label={label} variant="compact" gridBreakPoint={isNarrow ? 'grid' : 'grid-md'}>
      <Thead>
        <Tr>
          {columns.map(([title]) => (
            <Th key={title}>{title}</Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={keyOf(row)}>
            {columns.map(([title, cell]) => (
              <Td key={title} dataLabel={title}>
                {cell(row)}
              </Td>
            ))}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
