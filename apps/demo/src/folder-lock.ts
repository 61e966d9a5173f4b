import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const lockFile = (dataDir: string): string => join(dataDir, 'start.pid');

/** The process that runs on a data folder; undefined if none does, whatever an earlier one left behind. */
export async function holderOf(dataDir: string): Promise<number | undefined> {
  const pid = Number(await readFile(lockFile(dataDir), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isAlive(pid)) return undefined;
  // The number may belong to somebody else by now; where that cannot be seen, it counts as ours.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'start.mjs');
  return command.includes('start.mjs') ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Notes that this process runs on the folder; answers how to take the note back. Two at once would be two agents with one identity. */
export async function holdFolder(dataDir: string): Promise<() => Promise<void>> {
  await writeFile(lockFile(dataDir), `${process.pid}\n`);
  return () => rm(lockFile(dataDir), { force: true });
}

/** Makes a folder and those above it. Not by `recursive`: Node tries for ever where a file system makes no folders, as under /proc. */
export async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(dir)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(dir) === dir) throw error;
    await makeFolder(dirname(dir));
    await mkdir(dir);
  }
}
