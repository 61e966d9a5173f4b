import os from 'node:os';
import path from 'node:path';

/** Where the API of the surrounding cluster is, as every pod is told. */
export interface InClusterPlace {
  host: string;
  port: string;
  /** Folder with `token`, `ca.crt` and `namespace`. */
  folder: string;
}

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The surrounding cluster; undefined outside of one. */
export function inClusterPlace(environment: NodeJS.ProcessEnv = process.env): InClusterPlace | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  return host === '' ? undefined : { host, port, folder: FOLDER };
}

/** Folders that may hold kube-apiserver and etcd: what KUBEBUILDER_ASSETS names, then the testbed's cache. */
export function kubernetesFolders(environment: NodeJS.ProcessEnv = process.env): string[] {
  const cache = environment['XDG_CACHE_HOME'] ?? '';
  const base = cache === '' ? path.join(os.homedir(), '.cache') : cache;
  const testbed = environment['TESTBED_BIN'] ?? path.join(base, 'isthmus-testbed', 'bin');
  return [environment['KUBEBUILDER_ASSETS'] ?? '', testbed].filter((folder) => folder !== '');
}
