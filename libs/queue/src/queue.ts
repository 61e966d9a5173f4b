import type { IdsOf, JobDefinition } from './job.js';

export interface EnqueueOptions {
  /** At most one job of this id waits and one runs: what comes while it waits is folded, what comes while it runs follows it. */
  jobId?: string;
  delayMs?: number;
}

export interface ProcessOptions {
  /** Jobs of this kind at once in this process; default 1. */
  concurrency?: number;
}

export interface JobContext {
  /** 1 for the first attempt. */
  attempt: number;
}

export type JobHandler<J extends JobDefinition> = (ids: IdsOf<J>, context: JobContext) => Promise<void>;

export interface Processor {
  /** Takes no further job, waits for those that run. */
  close(): Promise<void>;
}

export interface JobCounts {
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
}

/**
 * Hands jobs to workers, at least once each. It may lose everything (see `flush`): the outbox in the store is the truth,
 * and whoever relays it enqueues again.
 */
export interface Queue {
  enqueue<J extends JobDefinition>(job: J, ids: IdsOf<J>, options?: EnqueueOptions): Promise<void>;
  /** A handler that throws is tried again with growing pauses; a job whose process died is given to another within about five seconds. */
  process<J extends JobDefinition>(job: J, handler: JobHandler<J>, options?: ProcessOptions): Promise<Processor>;
  counts(job: JobDefinition): Promise<JobCounts>;
  /** Drops all jobs of these kinds, running ones included. */
  flush(jobs: readonly JobDefinition[]): Promise<void>;
  close(): Promise<void>;
}

/** Attempts of a job whose handler throws, and the first pause between them; each pause doubles. */
export const ATTEMPTS = 6;
export const FIRST_PAUSE_MS = 200;
