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

/** Folders that may hold kube-apiserver and etcd: what KUBEBUILDER_ASSETS names, then the testbed's cache. */
export function kubernetesFolders(environment: NodeJS.ProcessEnv = process.env): string[] {
  const named = environment['KUBEBUILDER_ASSETS'] ?? '';
  const testbed =
    environment['TESTBED_BIN'] ?? path.join(path.dirname(cacheFolder(environment)), 'isthmus-testbed', 'bin');
  return [named, testbed].filter((folder) => folder !== '');
}
