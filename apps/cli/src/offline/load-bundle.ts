import { join } from 'node:path';
import { parseBundle, sortIssues, type Bundle, type Issue } from '@isthmus/domain';
import { issue } from '@isthmus/domain';
import { readBundle } from '../bundle/bundle-reader.js';

/** A bundle read and parsed, with everything that was found on the way. */
export interface LoadedBundle {
  bundle: Bundle;
  /** Issues of reading and parsing, with paths as they are shown. */
  issues: Issue[];
  /** Gives an issue its place in the bundle, with the path as it is shown. */
  place: (one: Issue) => Issue;
  isFolder: boolean;
}

/** Loads the folder or file at `path`; files in issues are shown below the path as it was given. */
export async function loadBundle(path: string): Promise<LoadedBundle> {
  const { files, issues, isFolder } = await readBundle(path);
  const bundle = parseBundle(files);
  const show = (one: Issue): Issue => {
    const file = one.source === undefined ? path : isFolder ? join(path, one.source.file) : path;
    return { ...one, source: { line: 1, column: 1, ...one.source, file } };
  };
  const found = [...issues, ...bundle.issues];
  if (found.length === 0 && bundle.resources.length === 0) {
    found.push(issue('ISM0606', { message: 'no resources were found' }));
  }
  return {
    bundle,
    issues: sortIssues(found.map(show)),
    place: (one) => {
      const placed = bundle.locate(one);
      return placed.source === undefined ? placed : show(placed);
    },
    isFolder,
  };
}
