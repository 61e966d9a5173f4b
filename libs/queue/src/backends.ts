import {
  createPostgresBackend,
  Queue,
  runMigrations,
  Worker,
  type DefaultJobOptions,
  type JobsOptions,
  type JobType,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { WorkerSettings } from './bullmq-queue.js';

/** What we use of a BullMQ queue; its own type differs from backend to backend. */
export interface Producer {
  add(name: string, payload: object, options: Pick<JobsOptions, 'delay' | 'deduplication'>): Promise<unknown>;
  getJobCounts(...states: JobType[]): Promise<Record<string, number>>;
  obliterate(options: { force: boolean }): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
  on(event: 'error', heard: (error: Error) => void): unknown;
}

/** What we use of a BullMQ worker. */
export interface Consumer {
  readonly name: string;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', heard: (error: Error) => void): unknown;
  on(event: 'failed', heard: (job: { attemptsMade: number } | undefined, error: Error) => void): unknown;
}

/** A job as a processor gets it. */
export type Run = (job: { data: unknown; attemptsMade: number }) => Promise<void>;

/** Where BullMQ keeps its jobs. Producers and workers have connections of their own, since workers block on theirs. */
export interface Backend {
  producer(name: string, defaultJobOptions: DefaultJobOptions): Producer;
  worker(name: string, run: Run, settings: WorkerSettings): Consumer;
  close(): Promise<void>;
}

/** The prefix is a hash tag: all keys of a queue lie in one slot of a cluster. */
export function redisBackend(url: string, prefix: string): Backend {
  const producing = new Redis(url, { maxRetriesPerRequest: 2, lazyConnect: true });
  const working = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  for (const connection of [producing, working]) connection.on('error', () => undefined);
  const keys = `{${prefix}}`;
  return {
    producer: (name, defaultJobOptions) => new Queue(name, { connection: producing, prefix: keys, defaultJobOptions }),
    worker: (name, run, settings) => new Worker(name, run, { ...settings, connection: working, prefix: keys }),
    close: async () => {
      for (const connection of [producing, working]) connection.disconnect();
    },
  };
}

const PRODUCER_CONNECTIONS = 2;
const WORKER_CONNECTIONS = 2;

/** A schema of its own beside the application's tables; made or brought up to date here. */
export async function postgresBackend(databaseUrl: string, prefix: string): Promise<Backend> {
  const schema = `${prefix.replace(/[^a-z0-9]/gi, '_').toLowerCase()}_queue`;
  await migrateSchema(databaseUrl, schema);
  const connection = (max: number) => ({ connectionString: databaseUrl, schema, max, keepAlive: true });
  return {
    producer: (name, defaultJobOptions) =>
      new Queue(name, { connection: connection(PRODUCER_CONNECTIONS), defaultJobOptions }, createPostgresBackend),
    worker: (name, run, settings) =>
      new Worker(name, run, { ...settings, connection: connection(WORKER_CONNECTIONS) }, createPostgresBackend),
    close: async () => undefined,
  };
}

async function migrateSchema(connectionString: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}
