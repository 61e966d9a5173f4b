import type { Writable } from 'node:stream';
import pg from 'pg';
import type { Prisma } from '../generated/client.js';
import type { StoreEvent, TransactionOptions } from '../types/store.js';
import type { OwnConnection } from './connection.js';

/** What a transaction starts with. */
export interface TransactionStart {
  org: string;
  isolation: NonNullable<TransactionOptions['isolation']>;
  /** Opened when it begins, closed before it ends. */
  connection: OwnConnection;
}

const starts = new WeakMap<pg.PoolClient, TransactionStart>();

/** Says what the transaction starts with that is about to begin on this connection. */
export function startOn(client: pg.PoolClient, start: TransactionStart | undefined): void {
  if (start === undefined) starts.delete(client);
  else starts.set(client, start);
}

export interface PoolOptions {
  connectionString: string;
  size: number;
  applicationName: string;
  statementTimeoutMs?: number | undefined;
  log: (event: StoreEvent) => void;
}

/**
 * A pool on which BEGIN, role, isolation and organization travel in one round trip. A transaction that nobody said a start
 * of gets the role but no organization, and therefore sees no row.
 */
export function tenantPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.size,
    application_name: options.applicationName,
    keepAlive: true,
    pipeline: true, // statements of a flight do not wait for each other's answers
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    idle_in_transaction_session_timeout: 120_000,
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
  });
  pool.on('error', (error) => options.log({ event: 'connection-lost', message: error.message }));
  pool.on('connect', followTransactions);
  return pool;
}

type Query = (...args: unknown[]) => unknown;

/** Sees the statements that Prisma begins and ends transactions with. */
function followTransactions(client: pg.PoolClient): void {
  const original = client.query.bind(client) as Query;
  const query: Query = (first, ...rest) => {
    const text = textOf(first);
    const start = starts.get(client);
    if (text === 'COMMIT' || text === 'ROLLBACK') start?.connection.close();
    if (text !== 'BEGIN') return original(first, ...rest);
    const begun = original({ text: beginText(start) }, ...rest);
    start?.connection.open(client);
    return begun;
  };
  Object.assign(client, { query });
}

function textOf(query: unknown): unknown {
  return typeof query === 'object' && query !== null && 'text' in query ? query.text : undefined;
}

/** Visible for its spec. */
export function beginText(start: Pick<TransactionStart, 'org' | 'isolation'> | undefined): string {
  if (start === undefined) return 'BEGIN; SET LOCAL ROLE isthmus_app';
  const isolation = start.isolation.replace('_', ' ');
  return `BEGIN ISOLATION LEVEL ${isolation}; SET LOCAL ROLE isthmus_app; SELECT set_config('isthmus.org', ${pg.escapeLiteral(start.org)}, true)`;
}

/** Begins a flight of reads. */
export function beginReads(org: string): string {
  return `BEGIN READ ONLY; SET LOCAL ROLE isthmus_app; SELECT set_config('isthmus.org', ${pg.escapeLiteral(org)}, true)`;
}

/** Statements that connections keep prepared: texts are few, unless a caller makes them longer. */
const MAX_PREPARED = 200;
const names = new Map<string, string>();

/** A statement for pg; the first texts that come are kept prepared by each connection, so that they are planned once. */
export function prepared({ text, values }: Prisma.Sql): pg.QueryConfig {
  const known = names.get(text);
  if (known !== undefined) return { name: known, text, values };
  if (names.size >= MAX_PREPARED) return { text, values };
  const name = `isthmus-${names.size + 1}`;
  names.set(text, name);
  return { name, text, values };
}

/** The socket of a connection, which is none of pg's types: without it statements go out one by one, and nothing else changes. */
export function streamOf(client: pg.PoolClient): Writable | undefined {
  return (client as { connection?: { stream?: Writable } }).connection?.stream;
}
