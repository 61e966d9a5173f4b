import os from 'node:os';
import path from 'node:path';

/** Where what tests download is kept between runs: outside the tree, keyed by version below this folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME'];
  return path.join(base === undefined || base === '' ? path.join(os.homedir(), '.cache') : base, 'isthmus');
}

/** The folders of PATH, in order. */
export function searchPath(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
}
