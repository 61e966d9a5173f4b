import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that a spec started; it dies with the spec's process. */
export interface ChildServer {
  readonly pid: number;
  /** Rejects with the server's last words if it ends before `ready` answers true. */
  until(ready: () => Promise<boolean>, timeoutMs: number): Promise<void>;
  /** At once, as a crash. */
  stop(): Promise<void>;
}

const LAST_WORDS = 4000;

/** Runs the server and ends it when the pipe from us closes: also when we are killed and can end nothing any more. */
const GUARD =
  'exec 3<&0; "$@" </dev/null 3<&- & it=$!; { read _ <&3; kill -9 $it; } >/dev/null 2>&1 & exec 3<&-; wait $it';

/** Starts a server whose output is kept only as last words. */
export function startChild(binary: string, settings: readonly string[]): ChildServer {
  const child = spawn('/bin/sh', ['-c', GUARD, 'sh', binary, ...settings], { stdio: ['pipe', 'pipe', 'pipe'] });
  let words = '';
  const listen = (data: Buffer): void => {
    words = (words + data.toString()).slice(-LAST_WORDS);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  let fault: Error | undefined;
  child.once('error', (error) => {
    fault = error;
  });
  child.stdin.on('error', () => undefined);
  child.once('exit', () => child.stdin.end());
  return {
    pid: child.pid ?? 0,
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
