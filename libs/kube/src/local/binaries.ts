import fs from 'node:fs';
import path from 'node:path';
import { kubernetesFolders } from '../env.js';

/** What a bare Kubernetes API needs. */
export interface KubernetesBinaries {
  readonly apiserver: string;
  readonly etcd: string;
}

/** The oldest and the newest minor version that the agent supports; one between them is the testbed's own. */
export const EDGE_VERSIONS = ['1.32', '1.37'] as const;
export type EdgeVersion = (typeof EDGE_VERSIONS)[number];

const SERVERS = ['etcd', 'kube-apiserver'] as const;

/**
 * Both binaries out of one folder: KUBEBUILDER_ASSETS, else the testbed's cache. Without a version it is the testbed's own.
 * Throws with what is missing.
 */
export function kubernetesBinaries(version?: EdgeVersion, folders = kubernetesFolders()): KubernetesBinaries {
  const apiserver = version === undefined ? 'kube-apiserver' : `kube-apiserver-${version}`;
  const home = folders.find((folder) => [apiserver, 'etcd'].every((name) => runs(path.join(folder, name))));
  if (home === undefined) {
    throw new Error(`no ${apiserver} and etcd in KUBEBUILDER_ASSETS or the cache; testbed/build.sh builds them`);
  }
  return { apiserver: path.join(home, apiserver), etcd: path.join(home, 'etcd') };
}

/** The name of the file with Istio's CRDs, which `testbed/build.sh` puts beside the binaries. */
const CRDS = 'crd-all.gen.yaml';

/** The text of Istio's CRDs. */
export function istioCrds(folders = kubernetesFolders()): string {
  const files = folders.map((folder) => path.join(folder, CRDS));
  const file = files.find((candidate) => fs.existsSync(candidate));
  if (file === undefined) throw new Error("Istio's CRDs are not in the cache; testbed/build.sh puts them there");
  return fs.readFileSync(file, 'utf8');
}

/** What of a Kubernetes API with Istio's kinds is missing on this machine, by the names that `testbed/build.sh --only` takes. */
export function missingKubernetes(folders = kubernetesFolders()): string[] {
  const together = folders.some((folder) => SERVERS.every((name) => runs(path.join(folder, name))));
  const servers = together ? [] : SERVERS.filter((name) => !runs(path.join(folders.at(-1) ?? '', name)));
  return [...servers, ...(folders.some((folder) => fs.existsSync(path.join(folder, CRDS))) ? [] : [CRDS])];
}

function runs(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
