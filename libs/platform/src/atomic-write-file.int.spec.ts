import { mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atomicWriteFile } from './atomic-write-file.js';

describe('atomicWriteFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-atomic-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('leaves nothing behind when the folder cannot take the file', async () => {
    await expect(atomicWriteFile(join(folder, 'missing', 'a'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('replaces whole files without a flush too, and leaves nothing behind', async () => {
    await writeFile(join(folder, 'a'), 'old');
    await atomicWriteFile(join(folder, 'a'), 'new', { durable: false, mode: 0o600 });
    expect([await readFile(join(folder, 'a'), 'utf8'), await readdir(folder)]).toEqual(['new', ['a']]);
    await expect(atomicWriteFile(folder, 'x', { durable: false })).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('replaces a symbolic link instead of writing through it', async () => {
    await writeFile(join(folder, 'outside'), 'untouched');
    await symlink(join(folder, 'outside'), join(folder, 'link'));
    await atomicWriteFile(join(folder, 'link'), 'mine');
    expect(await readFile(join(folder, 'outside'), 'utf8')).toBe('untouched');
    expect(await readFile(join(folder, 'link'), 'utf8')).toBe('mine');
  });

  it('writes with the mode that was asked for and leaves no temporary file', async () => {
    await atomicWriteFile(join(folder, 'key'), 'secret', { mode: 0o600 });
    expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['key']);
  });
});
