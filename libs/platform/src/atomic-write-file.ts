import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface AtomicWriteOptions {
  /** Default 0644. */
  mode?: number;
  /**
   * Default true: the new bytes are on disk when this returns, so a loss of power shows the old bytes or the new ones. False, for
   * what can be made again: readers and the end of a process still see one or the other, a loss of power may leave an empty file.
   */
  durable?: boolean;
}

/**
 * Replaces a file so that readers and a crash see either the old bytes or the new ones, never a part.
 * A symbolic link at `path` is replaced, not followed.
 */
export async function atomicWriteFile(
  path: string,
  data: string | Uint8Array,
  { mode = 0o644, durable = true }: AtomicWriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    if (durable) await writeThrough(temporary, data, mode);
    else await writeFile(temporary, data, { flag: 'wx', mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (durable) await syncFolder(folder);
}

async function writeThrough(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes it durable which names a folder holds: what was made, renamed or removed in it. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
