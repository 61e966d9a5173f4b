/** Where a connection string leads, without its password. */
export function databaseName(databaseUrl: string): string {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `database ${pathname.slice(1)} on ${hostname}:${port === '' ? '5432' : port}`;
}
