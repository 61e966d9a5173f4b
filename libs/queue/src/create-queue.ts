import { postgresBackend, redisBackend } from './backends.js';
import { createBullmqQueue } from './bullmq-queue.js';
import type { Queue } from './queue.js';

export interface QueueOptions {
  /** Redis or Valkey; when given, jobs lie there. */
  redisUrl?: string;
  /** Postgres; where jobs lie otherwise, in a schema of their own. */
  databaseUrl: string;
  /** Keeps installations on one server apart; default `isthmus`. */
  prefix?: string;
  log?: (message: string) => void;
}

/** Opens the queue on Redis/Valkey if there is one, else on Postgres. */
export async function createQueue(options: QueueOptions): Promise<Queue> {
  const prefix = options.prefix ?? 'isthmus';
  const backend =
    options.redisUrl === undefined
      ? await postgresBackend(options.databaseUrl, prefix)
      : redisBackend(options.redisUrl, prefix);
  return createBullmqQueue({ backend, log: options.log ?? (() => undefined) });
}
