import { join } from 'node:path';
import { issue, parseBundle, sortIssues, VIP_LOCK_FILE, type Bundle, type Issue } from '@isthmus/domain';
import { readBundle } from '../bundle/bundle-reader.js';
import { readStdinBundle, STDIN, STDIN_TITLE } from '../bundle/stdin-bundle.js';
import type { Progress } from '../output/progress.js';
import type { Terminal } from '../terminal.js';

/** A bundle read and parsed, with everything that was found on the way. */
export interface LoadedBundle {
  bundle: Bundle;
  /** Issues of reading and parsing, with paths as they are shown. */
  issues: Issue[];
  /** Gives issues their places in the bundle, with the paths as they are shown. */
  placeAll: (issues: readonly Issue[]) => Issue[];
  /** Text of vips.lock.yaml as it was read; undefined if there was none. */
  lockText?: string;
}

/** Loads the folder or file at `path`, or stdin for `-`; files in issues are shown below the path as it was given. */
export async function loadBundle(
  path: string,
  { terminal, progress }: { terminal: Terminal; progress: Progress },
): Promise<LoadedBundle> {
  const isStdin = path === STDIN;
  const { files, issues, isFolder } = isStdin ? await readStdinBundle(terminal) : await readBundle(path);
  const bundle = parseBundle(files, (done) => progress.tell(`reading ${done} of ${files.length} files`));
  const title = isStdin ? STDIN_TITLE : path;
  const show = (one: Issue): Issue => {
    const file = one.source !== undefined && isFolder ? join(path, one.source.file) : title;
    return { ...one, source: { line: 1, column: 1, ...one.source, file } };
  };
  const found = [...issues, ...bundle.issues];
  if (found.length === 0 && bundle.resources.length === 0) {
    found.push(issue('ISM0606', { message: 'no resources were found' }));
  }
  const lock = files.find((file) => isFolder && file.path === VIP_LOCK_FILE);
  return {
    bundle,
    issues: sortIssues(found.map(show)),
    placeAll: (some) => bundle.locateAll(some).map((one) => (one.source === undefined ? one : show(one))),
    ...(lock === undefined ? {} : { lockText: lock.text }),
  };
}
