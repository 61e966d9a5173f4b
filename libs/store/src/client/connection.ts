import type pg from 'pg';
import type { Prisma } from '../generated/client.js';
import { prepared, streamOf } from './pool.js';

/**
 * The connection of a transaction that Prisma runs, for statements that go to it without Prisma: between those of Prisma, in the order
 * of their calls, under the same role and organization. Statements that are not waited for one by one go out together, in one round trip.
 */
export class OwnConnection {
  private client: pg.PoolClient | undefined;

  /** It has begun. */
  open(client: pg.PoolClient): void {
    this.client = client;
  }

  /** It is about to end: what comes later would be outside of it. */
  close(): void {
    this.client = undefined;
  }

  /** Rejects when the transaction has ended, also by its time limit. */
  async query<T extends pg.QueryResultRow>(query: Prisma.Sql): Promise<pg.QueryResult<T>> {
    const { client } = this;
    if (client === undefined) throw new Error('this transaction has ended');
    const stream = streamOf(client);
    stream?.cork();
    process.nextTick(() => stream?.uncork()); // with what is sent until then
    return client.query<T>(prepared(query));
  }
}
