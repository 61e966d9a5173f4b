import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { HoldOutcome } from '../cluster-port.js';

/** Who holds a folder. `started` tells a process from a later one with the same number. */
interface Holder {
  pid: number;
  host: string;
  started: string;
}

/** Takes the lock file, also from a holder that is dead. A holder on another host is always taken for alive. */
export async function takeFolderLock(path: string): Promise<HoldOutcome> {
  await mkdir(dirname(path), { recursive: true });
  const mine: Holder = { pid: process.pid, host: hostname(), started: (await startOf(process.pid)) ?? '' };
  const text = JSON.stringify(mine);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await createWhole(path, text)) return { outcome: 'held', release: () => release(path, text) };
    const holder = await readHolder(path);
    if (holder && (await isAlive(holder)))
      return { outcome: 'taken', by: `process ${String(holder.pid)} on ${holder.host}` };
    await setAside(path);
  }
  return { outcome: 'taken', by: 'another agent that starts' };
}

/** The file appears whole or not at all, and only if it was not there. */
async function createWhole(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}.draft`;
  await writeFile(draft, text);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Of two that find the same dead holder only one can move its file away. */
async function setAside(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.stale`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    const { pid, host, started } = value;
    return typeof pid === 'number' && typeof host === 'string' && typeof started === 'string'
      ? { pid, host, started }
      : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, host, started }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  if (!answersSignals(pid)) return false;
  const now = await startOf(pid);
  return now === undefined || started === '' || now === started;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Start time of a process in clock ticks since boot, where the system tells (Linux). */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
