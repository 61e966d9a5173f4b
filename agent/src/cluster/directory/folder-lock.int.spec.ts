import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeFolderLock } from './folder-lock.js';

describe('the lock of an output folder', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-lock-'));
    path = join(folder, 'agent.lock');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const holder = (more: object): Promise<void> =>
    writeFile(path, JSON.stringify({ pid: process.pid, host: hostname(), started: '', ...more }));

  it('is not taken from a process that lives, here or on another host', async () => {
    expect(await takeFolderLock(path)).toMatchObject({ outcome: 'held' });
    expect(await takeFolderLock(path)).toMatchObject({ outcome: 'taken' });
    await holder({ pid: 999_999_999, host: 'elsewhere' });
    expect(await takeFolderLock(path)).toEqual({ outcome: 'taken', by: 'process 999999999 on elsewhere' });
  });

  it('is taken from a process that is dead, from one whose number was given again, and from a damaged file', async () => {
    for (const dead of [{ pid: 999_999_999 }, { started: '1' }]) {
      await holder(dead);
      const taken = await takeFolderLock(path);
      expect(taken.outcome).toBe('held');
      if (taken.outcome === 'held') await taken.release();
    }
    await writeFile(path, '{');
    expect(await takeFolderLock(path)).toMatchObject({ outcome: 'held' });
  });

  it('goes to one of several that ask at once, and leaves nothing behind', async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => takeFolderLock(path).catch(() => ({ outcome: 'failed' as const }))),
    );
    const held = all.filter((one) => one.outcome === 'held');
    expect(held).toHaveLength(1);
    for (const one of held) if (one.outcome === 'held') await one.release();
    expect(await readdir(folder)).toEqual([]);
  });
});
