import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { EmbeddedPostgresError } from './errors.js';
import type { ServerUser } from './server-user.js';

/** Own process group: Ctrl-C in a terminal must not stop the database before those who use it. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
const READY = 'database system is ready to accept connections';

/** Runs a program to its end. A program that cannot be started is an answer too: code −1. */
export function runProgram(
  program: string,
  args: string[],
  user: ServerUser | undefined,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { ...user, cwd: '/', env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** $0: pid of the server; $1: folder to remove once it is gone, or empty. */
const WATCHDOG = `cat >/dev/null; kill -INT "$0" 2>/dev/null
if [ -n "$1" ]; then while kill -0 "$0" 2>/dev/null; do sleep 0.1; done; rm -rf "$1"; fi`;

export interface ServerOptions {
  program: string;
  folder: string;
  port: number;
  user: ServerUser | undefined;
  settings: Record<string, string>;
  log: (line: string) => void;
  startTimeoutMs: number;
}

/** Starts the postmaster and waits until it accepts connections. */
export async function spawnServer(options: ServerOptions): Promise<ChildProcess> {
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(options.program, ['-D', options.folder, '-p', String(options.port), ...settings], {
    ...options.user,
    cwd: '/',
    detached: true,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(child, options);
  child.unref();
  return child;
}

function ready(child: ChildProcess, options: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(() => {
      child.kill('SIGQUIT');
      reject(failure(`not ready after ${options.startTimeoutMs} ms. ${seen}`, options.port));
    }, options.startTimeoutMs);
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      for (const line of text.split('\n')) if (line.trim() !== '') options.log(line.trimEnd());
      seen = (seen + text).slice(-4000);
      if (!seen.includes(READY)) return;
      clearTimeout(timer);
      resolve();
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(failure(error.message, options.port));
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(failure(`exit code ${String(code)}. ${seen.trim()}`, options.port));
    });
  });
}

function failure(reason: string, port: number): EmbeddedPostgresError {
  if (/could not bind|Address already in use/.test(reason)) return portBusy(port);
  if (reason.includes('lock file "postmaster.pid" already exists')) {
    return new EmbeddedPostgresError(
      'DATA_DIR_IN_USE',
      'Another Postgres uses this data folder: stop it, or choose another data folder.',
    );
  }
  return new EmbeddedPostgresError('START_FAILED', `Postgres did not start: ${reason}`);
}

export function portBusy(port: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError('PORT_BUSY', `Port ${port} on 127.0.0.1 is taken: choose another one for Postgres.`);
}

/** The pipe must not keep us alive; streams of child processes are sockets, though their type does not say so. */
function unref(stream: unknown): void {
  if (stream instanceof net.Socket) stream.unref();
}

/**
 * Stops the server when we die, however we die: the watchdog's standard input is a pipe from us,
 * and the kernel closes it. SIGINT is Postgres' fast shutdown.
 */
export function spawnWatchdog(watch: {
  serverPid: number;
  user: ServerUser | undefined;
  remove?: string;
}): ChildProcess {
  const child = spawn('/bin/sh', ['-c', WATCHDOG, String(watch.serverPid), watch.remove ?? ''], {
    ...watch.user,
    cwd: '/',
    detached: true,
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  unref(child.stdin);
  return child;
}
