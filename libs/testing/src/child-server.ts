import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that a spec started; it dies with the spec's process. */
export interface ChildServer {
  readonly pid: number;
  /** Rejects with the server's last words if it ends before `ready` answers true. */
  until(ready: () => Promise<boolean>, timeoutMs: number): Promise<void>;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const LAST_WORDS = 4000;

/** Starts a server whose output is kept only as last words. */
export function startChild(binary: string, settings: readonly string[]): ChildServer {
  const child = spawn(binary, settings, { stdio: ['ignore', 'pipe', 'pipe'] });
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
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('close', () => process.off('exit', kill));
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
    stop: (signal = 'SIGTERM') => ended(child, signal),
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

async function ended(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill(signal);
  const forced = setTimeout(() => child.kill('SIGKILL'), 5000);
  await closed;
  clearTimeout(forced);
}
