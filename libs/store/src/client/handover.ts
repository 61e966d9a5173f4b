import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { startOn, type TransactionStart } from './pool.js';

/**
 * Carries what a transaction starts with past Prisma, which lets nothing but an isolation level through: one is handed over at a time, from
 * the call of `$transaction` until its adapter is asked to begin, a few microtasks later. (Storage that follows asynchronous calls would
 * do, and makes Node track every promise of the process.)
 */
export class Handover {
  private handed: { start: TransactionStart; taken: () => void } | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** Runs what begins one transaction; the next is handed over when this one was taken, or failed before it was. */
  begin<T>(start: TransactionStart, run: () => Promise<T>): Promise<T> {
    const result = this.last.then(() => this.hand(start, run));
    this.last = result.then(({ taken }) => taken);
    return result.then(({ value }) => value);
  }

  private hand<T>(start: TransactionStart, run: () => Promise<T>): { value: Promise<T>; taken: Promise<void> } {
    let free: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => {
      free = resolve;
    });
    const mine = { start, taken: free };
    this.handed = mine;
    const value = (async () => run())();
    const withdrawn = (): void => {
      if (this.handed === mine) this.handed = undefined;
      free();
    };
    value.then(withdrawn, withdrawn);
    return { value, taken };
  }

  /** What was handed over, once. */
  take(): TransactionStart | undefined {
    const { handed } = this;
    this.handed = undefined;
    handed?.taken();
    return handed?.start;
  }
}

/** Prisma's adapter for a pool, whose transactions start with what was handed over. */
export function tenantAdapter(pool: pg.Pool, handover: Handover): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => startingWith(await factory.connect(), pool, handover),
  };
}

/** The adapter, with a pool of its own for each transaction: the connection that it takes knows what starts on it. */
function startingWith(adapter: SqlDriverAdapter, pool: pg.Pool, handover: Handover): SqlDriverAdapter {
  const startTransaction: SqlDriverAdapter['startTransaction'] = async (isolationLevel) => {
    const start = handover.take();
    const connect = async (): Promise<pg.PoolClient> => {
      const client = await pool.connect();
      startOn(client, start);
      return client;
    };
    const own = Object.create(adapter, { client: { value: { connect } } }) as SqlDriverAdapter;
    return adapter.startTransaction.call(own, isolationLevel);
  };
  return Object.create(adapter, { startTransaction: { value: startTransaction } }) as SqlDriverAdapter;
}
