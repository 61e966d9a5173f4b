import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const STARTED = randomBytes(3).toString('hex');
let drafts = 0;

/**
 * Replaces a file in one step, so that readers and the end of this process see the old bytes or the new ones. Nothing is flushed: the
 * bytes go to the system's memory, which takes less time than a hand-over to the thread pool would.
 */
export function replaceFile(path: string, text: string): void {
  drafts = (drafts + 1) % 0x1000000;
  const draft = join(dirname(path), `.${basename(path)}.${STARTED}${drafts.toString(16).padStart(6, '0')}.tmp`);
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o644 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
