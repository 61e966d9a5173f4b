import { UnrecoverableError, type WorkerOptions } from 'bullmq';
import type { Backend, Consumer, Producer, Run } from './backends.js';
import { BadPayloadError, type IdsOf, type JobDefinition, parseIds } from './job.js';
import { ATTEMPTS, FIRST_PAUSE_MS, type JobCounts, type JobHandler, type Queue } from './queue.js';

/** A lock of 3 s, renewed and looked after each second: a killed worker's job runs elsewhere within about 5 s. */
const LIVENESS = {
  lockDuration: 3_000,
  lockRenewTime: 1_000,
  stalledInterval: 1_000,
  maxStalledCount: 100,
  drainDelay: 1,
};
const KEPT = { removeOnComplete: { count: 100, age: 3_600 }, removeOnFail: { count: 1_000, age: 86_400 } };

export interface BullmqOptions {
  backend: Backend;
  /** Lost connections and the like; jobs that fail for good. */
  log: (message: string) => void;
}

export function createBullmqQueue({ backend, log }: BullmqOptions): Queue {
  const producers = new Map<string, Producer>();
  const workers = new Set<Consumer>();
  const producerOf = (job: JobDefinition): Producer => {
    const known = producers.get(job.name);
    if (known !== undefined) return known;
    const made = backend.producer(job.name, {
      ...KEPT,
      attempts: ATTEMPTS,
      backoff: { type: 'exponential', delay: FIRST_PAUSE_MS },
    });
    made.on('error', (error) => log(`queue ${job.name}: ${error.message}`));
    producers.set(job.name, made);
    return made;
  };
  return {
    enqueue: async (job, ids, options) => {
      const payload = parseIds(job, ids);
      await producerOf(job).add(job.name, payload, {
        // A queue's clock counts whole milliseconds; Postgres refuses fractions.
        delay: options?.delayMs === undefined ? undefined : Math.ceil(options.delayMs),
        deduplication: options?.jobId === undefined ? undefined : { id: options.jobId, keepLastIfActive: true },
      });
    },
    process: async (job, handler, options) => {
      const worker = backend.worker(job.name, runner(job, handler), {
        ...LIVENESS,
        ...KEPT,
        concurrency: options?.concurrency ?? 1,
      });
      workers.add(worker);
      watch(worker, log);
      await worker.waitUntilReady();
      return {
        close: async () => {
          workers.delete(worker);
          await worker.close();
        },
      };
    },
    counts: async (job) =>
      countsOf(await producerOf(job).getJobCounts('wait', 'active', 'delayed', 'failed', 'prioritized')),
    flush: async (jobs) => {
      for (const job of jobs) {
        const queue = producerOf(job);
        await queue.obliterate({ force: true });
        await queue.resume();
      }
    },
    close: async () => {
      await Promise.all([...workers].map((worker) => worker.close()));
      await Promise.all([...producers.values()].map((queue) => queue.close()));
      await backend.close();
    },
  };
}

function runner<J extends JobDefinition>(definition: J, handler: JobHandler<J>): Run {
  return async (job) => handler(idsIn(definition, job.data), { attempt: job.attemptsMade + 1 });
}

function idsIn<J extends JobDefinition>(definition: J, payload: unknown): IdsOf<J> {
  try {
    return parseIds(definition, payload);
  } catch (error) {
    if (error instanceof BadPayloadError) throw new UnrecoverableError(error.message);
    throw error;
  }
}

function watch(worker: Consumer, log: (message: string) => void): void {
  worker.on('error', (error) => log(`worker ${worker.name}: ${error.message}`));
  worker.on('failed', (job, error) =>
    log(`job ${worker.name} attempt ${job?.attemptsMade ?? 0} failed: ${error.message}`),
  );
}

function countsOf(counts: Record<string, number>): JobCounts {
  const of = (state: string) => counts[state] ?? 0;
  return {
    waiting: of('wait') + of('prioritized'),
    active: of('active'),
    delayed: of('delayed'),
    failed: of('failed'),
  };
}

export type WorkerSettings = Omit<WorkerOptions, 'connection'>;
