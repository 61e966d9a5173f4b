/** What to do about an error of the database. */
export type Fault = 'conflict' | 'connection' | 'fatal';

const CONFLICTS = new Set(['40001', '40P01']);
const CONNECTION =
  /^(08...|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENETUNREACH|P1001|P1002|P1008|P1017|P2037)$/;
const CONNECTION_TEXT =
  /Connection terminated|connection timeout|Client has encountered a connection error|not queryable|Can't reach database server|Unable to start a transaction/i;

/** SQLSTATE, Node's or Prisma's code of an error, wherever Prisma and its adapter put it. */
export function errorCode(error: unknown): string | undefined {
  const nested = driverCause(error);
  const code = field(nested, 'originalCode') ?? field(error, 'code');
  if (code === 'P2034') return '40001';
  if (typeof code === 'string' && code !== 'P2010') return code;
  const kind = field(nested, 'kind');
  if (kind === 'TransactionWriteConflict') return '40001';
  if (kind === 'ConnectionClosed' || kind === 'DatabaseNotReachable') return '08006';
  return undefined;
}

export function faultOf(error: unknown): Fault {
  const code = errorCode(error);
  if (code !== undefined && CONFLICTS.has(code)) return 'conflict';
  if (code !== undefined && CONNECTION.test(code)) return 'connection';
  if (error instanceof Error && CONNECTION_TEXT.test(error.message)) return 'connection';
  return 'fatal';
}

function driverCause(error: unknown): unknown {
  const adapter = field(field(error, 'meta'), 'driverAdapterError');
  return field(adapter, 'cause') ?? field(error, 'cause');
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
