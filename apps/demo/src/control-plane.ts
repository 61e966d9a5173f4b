import { EmbeddedPostgresError, startEmbeddedPostgres } from '@isthmus/store';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from './child.js';
import { childEnvironment } from './env.js';
import type { StartOptions } from './options.js';
import { PROGRAMS, type DataPaths } from './paths.js';
import { supervise, type Running } from './supervise.js';

/** What was started, in the order of starting, and how the outcome is told. */
export interface Started {
  parts: { name: string; stop: () => Promise<void> }[];
  /** Etcd and apiservers of real clusters. */
  servers: { stop: () => Promise<void> }[];
  postgres: { stop: () => Promise<void> } | undefined;
  /** Resolves with a text when a part was given up. */
  failed: Promise<string>;
  giveUp: (text: string) => void;
  /** Told when a part ended by itself and is started again. */
  notice: (text: string) => void;
}

/** An empty set of parts. */
export function newStarted(notice: (text: string) => void): Started {
  let giveUp: (text: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    giveUp = resolve;
  });
  return { parts: [], servers: [], postgres: undefined, failed, giveUp, notice };
}

/** Starts the embedded Postgres unless another database is named; answers its connection string. */
export async function startDatabase(options: StartOptions, paths: DataPaths, started: Started): Promise<string> {
  if (options.databaseUrl !== undefined) return options.databaseUrl;
  const logFile = join(paths.logs, 'postgres.log');
  const log: WriteStream = createWriteStream(logFile, { flags: 'a' });
  let url = '';
  const start = async (): Promise<Running> => {
    const postgres = await startEmbeddedPostgres({
      dataDir: paths.postgres,
      port: options.postgresPort,
      log: (line) => void log.write(`${line}\n`),
    }).catch(explainPostgres);
    url = postgres.url;
    return { ended: postgres.exited.then(() => `has ended (log: ${logFile})`), stop: () => postgres.stop() };
  };
  started.postgres = await supervise({ name: 'Postgres', start, onRestart: started.notice, onGiveUp: started.giveUp });
  await rm(paths.databaseUrl, { force: true }); // a new file has the mode that is asked for
  await writeFile(paths.databaseUrl, `${url}\n`, { mode: 0o600, flag: 'wx' });
  return url;
}

function explainPostgres(error: unknown): never {
  if (!(error instanceof EmbeddedPostgresError)) throw error;
  throw new Error(`${error.message} (--postgres-port N, --data-dir DIR, or DATABASE_URL)`);
}

/** A program of ours, with its arguments and what its environment has beyond this one's. */
export interface Program {
  name: string;
  script: string;
  args?: readonly string[];
  env: Record<string, string | undefined>;
}

/** Starts a program of ours and keeps it running. */
export async function startProgram(program: Program, paths: DataPaths, started: Started): Promise<void> {
  const logFile = join(paths.logs, `${program.name}.log`);
  const start = (): Promise<Running> => {
    const child = startChild({ ...program, env: childEnvironment(program.env), logFile });
    return Promise.resolve({ ended: child.ended.then((how) => `${how} (log: ${logFile})`), stop: () => child.stop() });
  };
  const { name } = program;
  const { stop } = await supervise({ name, start, onRestart: started.notice, onGiveUp: started.giveUp });
  started.parts.push({ name, stop });
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
  await startProgram({ name: 'api', script: PROGRAMS.api, env: api }, paths, started);
  await Promise.race([untilReady(`http://127.0.0.1:${options.apiPort}/readyz`), failure(started)]);
  await startProgram({ name: 'worker', script: PROGRAMS.worker, env: shared }, paths, started);
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

const CONTROL_PLANE = ['worker', 'api'];

/** Stops everything: agents first, then worker and API; apiservers, etcd and database go when nobody uses them any more. */
export async function stopEverything(started: Started): Promise<void> {
  await Promise.all(started.parts.filter(({ name }) => !CONTROL_PLANE.includes(name)).map((part) => part.stop()));
  for (const name of CONTROL_PLANE) await started.parts.find((part) => part.name === name)?.stop();
  for (const server of [...started.servers].reverse()) await server.stop();
  await started.postgres?.stop();
}
