import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceablePath } from './replaceable-path.js';

describe('replaceablePath', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'isthmus-replaceable-')));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('refuses devices, folders, sockets and links to them', async () => {
    const socket = join(folder, 'socket');
    const server = createServer().listen(socket);
    await symlink('/dev/null', join(folder, 'link'));
    for (const path of ['/dev/null', folder, socket, join(folder, 'link')])
      await expect(replaceablePath(path)).rejects.toThrow('no regular file');
    server.close();
  });

  it('refuses what lies below a file', async () => {
    await writeFile(join(folder, 'a'), '');
    await expect(replaceablePath(join(folder, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('takes files, what links to them, and what is not there yet', async () => {
    await writeFile(join(folder, 'a'), '');
    await symlink('a', join(folder, 'link'));
    expect(await replaceablePath(join(folder, 'a'))).toBe(join(folder, 'a'));
    expect(await replaceablePath(join(folder, 'link'))).toBe(join(folder, 'a'));
    expect(await replaceablePath(join(folder, 'new'))).toBe(join(folder, 'new'));
  });
});
