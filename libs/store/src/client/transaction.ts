import { setTimeout as sleep } from 'node:timers/promises';
import type { Prisma, PrismaClient } from '../generated/client.js';
import type { StoreEvent, TransactionOptions } from '../types/store.js';
import { type Fault, faultOf } from './errors.js';
import type { Handover } from './handover.js';

export const CONFLICT_ATTEMPTS = 8;
export const CONNECTION_PATIENCE_MS = 20_000;

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
  run: (db: Prisma.TransactionClient) => Promise<T>;
  commitIf?: (value: T) => boolean;
}

/**
 * One transaction, retried as a whole: after a serialization failure or deadlock, and after a lost connection
 * unless COMMIT was already on its way, since it may have been heard.
 */
export async function inTransaction<T>(runner: Runner, plan: TransactionPlan<T>): Promise<T> {
  const startedAt = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    const progress = { committing: false };
    try {
      return await once(runner, plan, progress);
    } catch (error) {
      if (error instanceof RolledBack) return error.value as T;
      const fault = faultOf(error);
      const again =
        (fault === 'conflict' && attempt < CONFLICT_ATTEMPTS) ||
        (fault === 'connection' && !progress.committing && performance.now() - startedAt < CONNECTION_PATIENCE_MS);
      if (!again) throw error;
      runner.log({ event: 'transaction-retried', message: error instanceof Error ? error.message : String(error) });
      await sleep(pauseOf(fault, attempt));
    }
  }
}

/** How long to wait before the next attempt, in milliseconds. */
export function pauseOf(fault: Fault, attempt: number): number {
  const base = fault === 'conflict' ? 5 : 100;
  return Math.random() * Math.min(base * 2 ** attempt, 1_000);
}

function once<T>(runner: Runner, plan: TransactionPlan<T>, progress: { committing: boolean }): Promise<T> {
  const start = { org: plan.org, isolation: plan.isolation ?? 'READ_COMMITTED' };
  const body = async (db: Prisma.TransactionClient): Promise<T> => {
    const value = await plan.run(db);
    if (plan.commitIf?.(value) === false) throw new RolledBack(value);
    progress.committing = true;
    return value;
  };
  return runner.handover.begin(start, () =>
    runner.prisma.$transaction(body, { maxWait: 10_000, timeout: plan.timeoutMs ?? 30_000 }),
  );
}
