import { realpath, stat } from 'node:fs/promises';

/**
 * Where a file that a person named is put as a whole, by renaming: links are followed, so that they stay. Throws where something stands
 * that is no regular file: renaming over a device or pipe would put a file in its place, for everybody.
 */
export async function replaceablePath(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return path;
  if (!found.isFile())
    throw Object.assign(new Error(`${path} is no regular file`), { code: 'EEXIST', syscall: 'rename', path });
  return realpath(path);
}
