import { lstatSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** What stands at a path; links are not followed. A file's version changes with its content. */
export type PathKind = { kind: 'absent' | 'folder' | 'other' } | { kind: 'file'; version: string };

const BREATH_MS = 10;
let breathed = performance.now();

/**
 * Looks at a path. Tens of thousands are looked at in a row and nearly all are in the system's memory: asking for them one by one
 * through the thread pool would take ten times as long. Others get their turn every 10 ms.
 */
export async function kindOfPath(path: string): Promise<PathKind> {
  if (performance.now() - breathed > BREATH_MS) {
    await setImmediate();
    breathed = performance.now();
  }
  try {
    const info = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (info === undefined) return { kind: 'absent' };
    if (info.isFile()) return { kind: 'file', version: `${info.ino}.${info.size}.${info.mtimeNs}.${info.ctimeNs}` };
    return { kind: info.isDirectory() ? 'folder' : 'other' };
  } catch {
    return { kind: 'other' };
  }
}
