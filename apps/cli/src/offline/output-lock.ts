import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

/** The file that says who writes to an output folder. */
export const OUTPUT_LOCK = '.isthmus-render.lock';

const schema = z.object({ pid: z.number().int().positive(), host: z.string() });

/** Who holds the lock, as far as the file says. */
export interface LockHolder {
  pid: number;
  host: string;
}

/** A lock that is held until it is released, or who holds it; `unknown` if the file is not understood. */
export type LockResult = { release: () => void } | { holder: LockHolder | 'unknown' };

/**
 * Takes the lock of an output folder, which exists. A lock of a process of this machine that has ended is taken over; one of
 * another machine is not, because nobody here knows whether it still runs.
 */
export function lockOutput(out: string): LockResult {
  const path = join(out, OUTPUT_LOCK);
  const lock = { release: () => rmSync(path, { force: true }) };
  if (created(path)) return lock;
  const holder = holderOf(path);
  if (holder === 'unknown' || !hasEnded(holder)) return { holder };
  const own = `${path}.${process.pid}`;
  writeFileSync(own, content());
  renameSync(own, path);
  return lock;
}

const content = () => `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`;

function created(path: string): boolean {
  try {
    writeFileSync(path, content(), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(path: string): LockHolder | 'unknown' {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return 'unknown';
  }
}

function hasEnded({ pid, host }: LockHolder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);
