import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { StoreEvent, TransactionOptions } from '../types/store.js';

/** What the next transaction of this asynchronous context starts with. */
export interface TransactionStart {
  org: string;
  isolation: NonNullable<TransactionOptions['isolation']>;
}

const starting = new AsyncLocalStorage<TransactionStart>();

export function startingAs<T>(start: TransactionStart, run: () => Promise<T>): Promise<T> {
  return starting.run(start, run);
}

export interface PoolOptions {
  connectionString: string;
  size: number;
  applicationName: string;
  statementTimeoutMs?: number | undefined;
  log: (event: StoreEvent) => void;
}

/**
 * A pool on which BEGIN, role, isolation and organization travel in one round trip. A transaction begun outside
 * `startingAs` gets the role but no organization, and therefore sees no row.
 */
export function tenantPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.size,
    application_name: options.applicationName,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    idle_in_transaction_session_timeout: 120_000,
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
  });
  pool.on('error', (error) => options.log({ event: 'connection-lost', message: error.message }));
  pool.on('connect', widenBegin);
  return pool;
}

type Query = (...args: unknown[]) => unknown;

function widenBegin(client: pg.PoolClient): void {
  const original = client.query.bind(client) as Query;
  const query: Query = (first, ...rest) =>
    original(isBegin(first) ? { text: beginText(starting.getStore()) } : first, ...rest);
  Object.assign(client, { query });
}

function isBegin(query: unknown): boolean {
  return typeof query === 'object' && query !== null && 'text' in query && query.text === 'BEGIN';
}

/** Visible for its spec. */
export function beginText(start: TransactionStart | undefined): string {
  if (start === undefined) return 'BEGIN; SET LOCAL ROLE isthmus_app';
  const isolation = start.isolation.replace('_', ' ');
  return `BEGIN ISOLATION LEVEL ${isolation}; SET LOCAL ROLE isthmus_app; SELECT set_config('isthmus.org', ${pg.escapeLiteral(start.org)}, true)`;
}
