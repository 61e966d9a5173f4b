import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { findBinaries } from './embedded/binaries.js';
import { openCluster, SERVER_ROLE } from './embedded/data-dir.js';
import { EmbeddedPostgresError } from './embedded/errors.js';
import { awaitLeftover } from './embedded/leftover.js';
import { portBusy, spawnServer, spawnWatchdog } from './embedded/process.js';
import { placeData } from './embedded/relocation.js';
import { serverUser } from './embedded/server-user.js';
import { ensureDatabase } from './database.js';

export interface EmbeddedPostgresOptions {
  /** Made when absent. As root, data that the server's user cannot reach there are kept elsewhere (see `dataDir` of the result). */
  dataDir: string;
  /** On 127.0.0.1. */
  port: number;
  /** Made when absent; default `isthmus`. */
  database?: string;
  log?: (line: string) => void;
  /** Faster, but a crash of the machine may lose everything, and the data are removed at the end. For tests. */
  ephemeral?: boolean;
  startTimeoutMs?: number;
  /** How long a server of an earlier run may take to go away; default 15 000. */
  leftoverTimeoutMs?: number;
}

export interface EmbeddedPostgres {
  /** Connection string of the database, as its owner. */
  url: string;
  /** Where the data really lie. */
  dataDir: string;
  pid: number;
  /** Resolves when the server is gone, whoever stopped it. */
  exited: Promise<void>;
  stop: () => Promise<void>;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
};

const UNSAFE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };

/** Starts the Postgres that comes as an npm package. Throws EmbeddedPostgresError with what to do about it. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await refuseBusyPort(options.port);
  const user = await serverUser();
  const place = await placeData(path.resolve(options.dataDir), user).catch(explainFolder(options.dataDir));
  const binaries = await findBinaries(user);
  const cluster = await openCluster(place, binaries, user).catch(explainFolder(options.dataDir));
  await awaitLeftover(cluster.folder, options.leftoverTimeoutMs ?? 15_000);
  const child = await spawnServer({
    program: binaries.postgres,
    folder: cluster.folder,
    port: options.port,
    user,
    settings: options.ephemeral === true ? { ...SETTINGS, ...UNSAFE } : SETTINGS,
    log: options.log ?? (() => undefined),
    startTimeoutMs: options.startTimeoutMs ?? 60_000,
  });
  const pid = child.pid ?? 0;
  const remove = options.ephemeral === true ? place : undefined;
  const watchdog = spawnWatchdog({ serverPid: pid, user, remove });
  const server = `postgresql://${SERVER_ROLE}:${cluster.password}@127.0.0.1:${options.port}`;
  const running = { child, watchdog, remove, exited: exitOf(child, watchdog) };
  const database = options.database ?? 'isthmus';
  try {
    await ensureDatabase(`${server}/postgres`, database);
  } catch (error) {
    await stop(running);
    throw error;
  }
  return { url: `${server}/${database}`, dataDir: place, pid, exited: running.exited, stop: () => stop(running) };
}

interface Running {
  child: ChildProcess;
  watchdog: ChildProcess;
  remove: string | undefined;
  exited: Promise<void>;
}

function exitOf(child: ChildProcess, watchdog: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const gone = () => {
      watchdog.kill('SIGKILL');
      resolve();
    };
    if (child.exitCode !== null || child.signalCode !== null) gone();
    else child.once('exit', gone);
  });
}

/** Fast shutdown; connections are cut, nothing committed is lost. */
async function stop(running: Running): Promise<void> {
  if (running.child.exitCode === null && running.child.signalCode === null) {
    running.child.ref();
    running.child.kill('SIGINT');
  }
  await running.exited;
  if (running.remove !== undefined) await fs.rm(running.remove, { recursive: true, force: true });
}

function refuseBusyPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return reject(portBusy(port));
      reject(new EmbeddedPostgresError('START_FAILED', `Port ${port} on 127.0.0.1 cannot be used: ${error.message}`));
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

function explainFolder(dataDir: string): (error: unknown) => never {
  return (error) => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || !['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC', 'EEXIST'].includes(code)) throw error;
    throw new EmbeddedPostgresError(
      'DATA_DIR_UNWRITABLE',
      `${dataDir} cannot be used for Postgres' data (${(error as Error).message}): choose another data folder.`,
    );
  };
}
