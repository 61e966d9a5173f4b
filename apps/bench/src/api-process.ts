import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, ROOT, untilReady } from './convergence-product.js';
import { childEnvironment } from './env.js';

/** The core that the API has to itself, and the one for Postgres and load. */
const API_CORE = '0';
const OTHER_CORE = '1';

/** As the image of the API sets them. */
export const API_NODE_OPTIONS = '--max-semi-space-size=64 --v8-pool-size=1';
export const API_V8_OPTIONS = ['--no-allocation-site-pretenuring', '--heap-growing-percent=300'];

/** True if processes can be kept on cores here: two of them, and taskset. */
export async function canPin(): Promise<boolean> {
  if (cpus().length < 2) return false;
  return promisify(execFile)('taskset', ['-p', String(process.pid)]).then(
    () => true,
    () => false,
  );
}

/** Keeps a process with its threads, and what it starts from now on, off the core of the API. */
export async function keepOffTheApi(pid: number): Promise<void> {
  await promisify(execFile)('taskset', ['-a', '-c', '-p', OTHER_CORE, String(pid)]);
}

export interface RunningApi {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** The API as it ships, as one process; `pinned`: on a core of its own. */
export async function startApiProcess(at: {
  folder: string;
  databaseUrl: string;
  pinned: boolean;
}): Promise<RunningApi> {
  const [port, gateway] = [await freePort(), await freePort()];
  await mkdir(join(at.folder, 'logs'), { recursive: true });
  const options = [...API_V8_OPTIONS, ...process.execArgv];
  const program = [process.execPath, ...options, join(ROOT, 'apps', 'api', 'dist', 'main.js')];
  const [command = '', ...args] = at.pinned ? ['taskset', '-c', API_CORE, ...program] : program;
  const child = spawn(command, args, {
    env: childEnvironment({
      ...{ NODE_ENV: 'production', NODE_OPTIONS: API_NODE_OPTIONS },
      ...{ DATABASE_URL: at.databaseUrl, DATA_DIR: at.folder, MIGRATE: '1', LOG_LEVEL: 'warn' },
      ...{ HOST: '127.0.0.1', PORT: String(port), GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: String(gateway) },
    }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(join(at.folder, 'logs', 'api.log'), { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/readyz`);
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
