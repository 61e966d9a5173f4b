import type { Prisma } from '../generated/client.js';

/**
 * Many rows as one JSON text: each value of each row that Prisma decodes by itself costs more than the query does. Numbers must stay
 * below 2^53; a time is ISO text. The order is that of the query.
 */
export async function jsonRows<T>(db: Prisma.TransactionClient, query: Prisma.Sql): Promise<T[]> {
  const found = await db.$queryRaw<{ rows: string }[]>`
    SELECT coalesce(json_agg(r), '[]')::text AS rows FROM (${query}) AS r`;
  return JSON.parse(found[0]?.rows ?? '[]') as T[];
}
