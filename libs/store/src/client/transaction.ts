import type { Prisma, PrismaClient } from '../generated/client.js';
import type { StoreEvent, TransactionOptions } from '../types/store.js';
import { OwnConnection } from './connection.js';
import type { Handover } from './handover.js';
import { Retries } from './retries.js';

export interface Runner {
  prisma: PrismaClient;
  /** That of the client's adapter. */
  handover: Handover;
  log: (event: StoreEvent) => void;
}

/** Carries a value out of a transaction that is rolled back. */
class RolledBack extends Error {
  constructor(readonly value: unknown) {
    super('rolled back on purpose');
  }
}

export interface TransactionPlan<T> extends TransactionOptions {
  org: string;
  run: (db: Prisma.TransactionClient, connection: OwnConnection) => Promise<T>;
  commitIf?: (value: T) => boolean;
}

/**
 * One transaction, retried as a whole: after a serialization failure or deadlock, and after a lost connection
 * unless COMMIT was already on its way, since it may have been heard.
 */
export async function inTransaction<T>(runner: Runner, plan: TransactionPlan<T>): Promise<T> {
  const retries = new Retries(runner.log);
  for (;;) {
    const progress = { committing: false };
    try {
      return await once(runner, plan, progress);
    } catch (error) {
      if (error instanceof RolledBack) return error.value as T;
      if (!(await retries.again(error, progress.committing))) throw error;
    }
  }
}

function once<T>(runner: Runner, plan: TransactionPlan<T>, progress: { committing: boolean }): Promise<T> {
  const connection = new OwnConnection();
  const start = { org: plan.org, isolation: plan.isolation ?? 'READ_COMMITTED', connection };
  const body = async (db: Prisma.TransactionClient): Promise<T> => {
    const value = await plan.run(db, connection);
    if (plan.commitIf?.(value) === false) throw new RolledBack(value);
    progress.committing = true;
    return value;
  };
  return runner.handover.begin(start, () =>
    runner.prisma.$transaction(body, { maxWait: 10_000, timeout: plan.timeoutMs ?? 30_000 }),
  );
}
