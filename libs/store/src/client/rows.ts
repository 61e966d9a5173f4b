import { Prisma } from '../generated/client.js';
import type { Clock } from '../types/store.js';
import type { OwnConnection } from './connection.js';

/**
 * Reads rows through one JSON text: decoding each value of each row by itself costs more than the query does. Numbers must stay below
 * 2^53; a time is ISO text. The order is that of the query.
 */
export type Rows = <T>(query: Prisma.Sql) => Promise<T[]>;

/** What reads need that are the same in a transaction and in a flight. */
export interface ReadContext {
  org: string;
  clock: Clock;
  rows: Rows;
}

/** One row with one column `rows`: the rows of a query as JSON. */
export function asJson(query: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT coalesce(json_agg(r), '[]')::text AS rows FROM (${query}) AS r`;
}

/** The rows in what such a query answered. */
export function rowsIn<T>(answer: readonly { rows: string }[]): T[] {
  return JSON.parse(answer[0]?.rows ?? '[]') as T[];
}

/** Reads within a transaction. */
export function transactionRows(connection: OwnConnection): Rows {
  return async <T>(query: Prisma.Sql) => rowsIn<T>((await connection.query<{ rows: string }>(asJson(query))).rows);
}
