import { lstatSync } from 'node:fs';
import { breathe } from '../../breathe.js';

/** What stands at a path; links are not followed. A file's version changes with its content. */
export type PathKind = { kind: 'absent' | 'folder' | 'other' } | { kind: 'file'; version: string };

/**
 * Looks at a path. Tens of thousands are looked at in a row and nearly all are in the system's memory: asking for them one by one
 * through the thread pool would take ten times as long.
 */
export async function kindOfPath(path: string): Promise<PathKind> {
  await breathe();
  try {
    const info = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (info === undefined) return { kind: 'absent' };
    if (info.isFile()) return { kind: 'file', version: `${info.ino}.${info.size}.${info.mtimeNs}.${info.ctimeNs}` };
    return { kind: info.isDirectory() ? 'folder' : 'other' };
  } catch {
    return { kind: 'other' };
  }
}
