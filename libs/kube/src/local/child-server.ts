import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server beside this program; it dies with this program's process. */
export interface ChildServer {
  readonly pid: number;
  /** Resolves with a text when the process is gone, whoever ended it. */
  readonly gone: Promise<string>;
  /** Rejects with the server's last words if it ends before `ready` answers true. */
  until(ready: () => Promise<boolean>, timeoutMs: number): Promise<void>;
  /** At once, as a crash. */
  stop(): Promise<void>;
}

const LAST_WORDS = 4000;

/** Runs the server and ends it when the pipe from us closes: also when we are killed and can end nothing any more. */
const GUARD =
  'exec 3<&0; "$@" </dev/null 3<&- & it=$!; { read _ <&3; kill -9 $it; } >/dev/null 2>&1 & exec 3<&-; wait $it';

/** What is told of a server's output, beside its last words. */
export type Listener = (output: Buffer) => void;

/** Starts a server in a process group of its own, so that Ctrl-C in a terminal does not reach it before those who use it. */
export function startChild(
  binary: string,
  settings: readonly string[],
  listener: Listener = () => undefined,
): ChildServer {
  const child = spawn('/bin/sh', ['-c', GUARD, 'sh', binary, ...settings], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let words = '';
  const listen = (data: Buffer): void => {
    words = (words + data.toString()).slice(-LAST_WORDS);
    listener(data);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  let fault: Error | undefined;
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      fault = error;
      resolve(`could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `code ${String(code)}`}`));
  });
  child.stdin.on('error', () => undefined);
  child.once('exit', () => child.stdin.end());
  return {
    pid: child.pid ?? 0,
    gone,
    async until(ready, timeoutMs) {
      const end = performance.now() + timeoutMs;
      while (!(await ready())) {
        if (fault !== undefined) throw fault;
        if (hasEnded(child)) throw new Error(`${binary} ended: ${words}`);
        if (performance.now() > end) throw new Error(`${binary} is not ready after ${String(timeoutMs)} ms: ${words}`);
        await sleep(50);
      }
    },
    stop: () => ended(child),
  };
}

/** A free port on the loopback at the time of asking. */
export function freeLoopbackPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin?.end();
  await closed;
}
