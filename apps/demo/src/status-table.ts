/** One cluster and global namespace, as the table shows them. `undefined` is shown as unknown, never as a number. */
export interface StatusRow {
  cluster: string;
  mesh: string;
  globalNamespace: string;
  wanted: number | undefined;
  applied: number | undefined;
  objects: number | undefined;
  issues: number | undefined;
  /** What is known of the agent: connected, or since when it has not been heard. */
  agent: string;
}

const COLUMNS: readonly { title: string; value: (row: StatusRow) => string }[] = [
  { title: 'CLUSTER', value: (row) => row.cluster },
  { title: 'MESH', value: (row) => row.mesh },
  { title: 'GLOBAL NAMESPACE', value: (row) => row.globalNamespace },
  { title: 'WANTED', value: (row) => known(row.wanted) },
  { title: 'APPLIED', value: (row) => known(row.applied) },
  { title: 'RENDERED', value: (row) => (row.objects === undefined ? 'unknown' : `${row.objects} objects`) },
  { title: 'ISSUES', value: (row) => known(row.issues) },
  { title: 'AGENT', value: (row) => row.agent },
];

function known(value: number | undefined): string {
  return value === undefined ? 'unknown' : String(value);
}

/** The rows as aligned text, one line each, under a line of titles. */
export function renderStatusTable(rows: readonly StatusRow[]): string[] {
  const cells = [
    COLUMNS.map((column) => column.title),
    ...rows.map((row) => COLUMNS.map((column) => column.value(row))),
  ];
  const widths = COLUMNS.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
