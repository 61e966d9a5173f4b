import { EmbeddedPostgresError, startEmbeddedPostgres, type EmbeddedPostgres } from '@isthmus/store';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from './child.js';
import { childEnvironment } from './env.js';
import type { StartOptions } from './options.js';
import { PROGRAMS, type DataPaths } from './paths.js';

/** What was started, in the order of starting. */
export interface Started {
  children: Child[];
  postgres: EmbeddedPostgres | undefined;
  /** Resolves with a text when any part has ended that should not have. */
  failed: Promise<string>;
  noteFailure(text: string): void;
}

/** An empty set of parts. */
export function newStarted(): Started {
  let noteFailure: (text: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    noteFailure = resolve;
  });
  return { children: [], postgres: undefined, failed, noteFailure };
}

/** Starts the embedded Postgres unless another database is named; answers its connection string. */
export async function startDatabase(options: StartOptions, paths: DataPaths, started: Started): Promise<string> {
  if (options.databaseUrl !== undefined) return options.databaseUrl;
  const log: WriteStream = createWriteStream(join(paths.logs, 'postgres.log'), { flags: 'a' });
  const postgres = await startEmbeddedPostgres({
    dataDir: paths.postgres,
    port: options.postgresPort,
    log: (line) => void log.write(`${line}\n`),
  }).catch((error: unknown) => {
    if (error instanceof EmbeddedPostgresError)
      throw new Error(`${error.message} (--postgres-port N, --data-dir DIR, or DATABASE_URL)`);
    throw error;
  });
  started.postgres = postgres;
  void postgres.exited.then(() => {
    started.noteFailure(`the embedded Postgres has ended; its log is ${join(paths.logs, 'postgres.log')}`);
  });
  return postgres.url;
}

/** Starts a program of ours and watches that it keeps running. */
export function startProgram(
  program: { name: string; script: string; args?: readonly string[]; env: Record<string, string | undefined> },
  paths: DataPaths,
  started: Started,
): Child {
  const logFile = join(paths.logs, `${program.name}.log`);
  const child = startChild({ ...program, env: childEnvironment(program.env), logFile });
  started.children.push(child);
  void child.ended.then((how) => {
    started.noteFailure(`${program.name} ${how}; its log is ${logFile}`);
  });
  return child;
}

/** Starts API with gateway, then, once it answers, the worker. */
export async function startControlPlane(options: StartOptions, paths: DataPaths, started: Started): Promise<void> {
  const databaseUrl = await startDatabase(options, paths, started);
  const shared = { DATABASE_URL: databaseUrl, REDIS_URL: options.redisUrl, DATA_DIR: options.dataDir };
  const api = {
    ...shared,
    HOST: '127.0.0.1',
    PORT: String(options.apiPort),
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(options.gatewayPort),
    ADMIN_TOKEN_FILE: paths.adminToken,
    MIGRATE: '1',
  };
  startProgram({ name: 'api', script: PROGRAMS.api, env: api }, paths, started);
  await Promise.race([untilReady(`http://127.0.0.1:${options.apiPort}/readyz`), failure(started)]);
  startProgram({ name: 'worker', script: PROGRAMS.worker, env: shared }, paths, started);
}

/** Rejects as soon as a part has ended. */
async function failure(started: Started): Promise<never> {
  throw new Error(await started.failed);
}

async function untilReady(url: string, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const ready = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    if (Date.now() > deadline) throw new Error(`${url} did not answer within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Stops everything, what was started last first; the database goes when nobody uses it any more. */
export async function stopEverything(started: Started): Promise<void> {
  const [controlPlane, agents] = [started.children.slice(0, 2), started.children.slice(2)];
  await Promise.all(agents.map((child) => child.stop()));
  for (const child of controlPlane.reverse()) await child.stop();
  await started.postgres?.stop();
}
