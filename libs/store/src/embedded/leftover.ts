import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.js';

/**
 * Deals with the postmaster.pid of an earlier run: none or of a dead process (Postgres clears it itself), of a foreign
 * process that got the number since (cleared), of a server that its watchdog is stopping (waited for), of a live one (refused).
 */
export async function awaitLeftover(folder: string, waitMs: number): Promise<void> {
  const file = path.join(folder, 'postmaster.pid');
  const deadline = Date.now() + waitMs;
  for (;;) {
    const pid = await pidIn(file);
    if (pid === undefined || !isAlive(pid)) return;
    if (!(await isServerOf(pid, folder))) return fs.rm(file, { force: true });
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        'DATA_DIR_IN_USE',
        `Another Postgres (pid ${pid}) uses ${folder}: stop what started it, or choose another data folder.`,
      );
    }
    await sleep(100);
  }
}

async function pidIn(file: string): Promise<number | undefined> {
  const text = await fs.readFile(file, 'utf8').catch(() => undefined);
  const pid = Number(text?.split('\n')[0]);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where /proc cannot be read, a live process counts as the server: refusing is the safe answer. */
async function isServerOf(pid: number, folder: string): Promise<boolean> {
  const command = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined || command.split('\0').includes(folder);
}
