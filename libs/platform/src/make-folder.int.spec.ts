import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';

describe('makeFolder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.runIf(process.platform === 'linux')(
    'says that nothing can be made below /proc, instead of trying for ever',
    async () => {
      await expect(makeFolder('/proc/isthmus/rendered')).rejects.toMatchObject({
        code: 'ENOENT',
        path: '/proc/isthmus',
      });
      await expect(makeFolder('/proc/isthmus')).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );

  it('makes nothing where a file is, or below one', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(folder, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await symlink(join(folder, 'nothing'), join(folder, 'link'));
    await expect(makeFolder(join(folder, 'link'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('makes what is missing with the mode that is asked for, and leaves what is there', async () => {
    const modeOf = async (...path: string[]) => (await stat(join(folder, ...path))).mode & 0o777;
    await makeFolder(join(folder, 'a'), { mode: 0o755 });
    await makeFolder(join(folder, 'a', 'b', 'c'), { mode: 0o700 });
    await makeFolder(join(folder, 'a', 'b', 'c'), { mode: 0o750 });
    expect([await modeOf('a'), await modeOf('a', 'b'), await modeOf('a', 'b', 'c')]).toEqual([0o755, 0o700, 0o700]);
    await Promise.all(Array.from({ length: 20 }, () => makeFolder(join(folder, 'raced', 'd', 'e'))));
    await makeFolder(`${join(folder, 'raced', 'd', 'e', 'f')}/`);
    expect((await stat(join(folder, 'raced', 'd', 'e', 'f'))).isDirectory()).toBe(true);
  });
});
