import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** How `atomicWriteFile` names what is not in its place yet: files of objects, and the record. */
const DRAFT = /^\.(?:[a-z0-9]+\.[a-z0-9.-]+_[a-z0-9.-]+\.yaml|record\.json|cluster-uid)\.[0-9a-f]{12}\.tmp$/;

/** Removes what a process that was killed had begun to write. Only for who holds the folder: nobody else is writing then. */
export async function removeDrafts(out: string): Promise<void> {
  const entries = await readdir(out, { withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const folder = join(out, entry.name);
    const drafts = (await readdir(folder).catch(() => [])).filter((name) => DRAFT.test(name));
    await Promise.all(drafts.map((name) => rm(join(folder, name), { force: true })));
  }
}
