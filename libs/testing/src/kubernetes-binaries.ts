import fs from 'node:fs';
import path from 'node:path';
import { kubernetesFolders } from './env.js';

/** What a bare Kubernetes API needs. */
export interface KubernetesBinaries {
  readonly apiserver: string;
  readonly etcd: string;
}

/** Both binaries out of one folder: KUBEBUILDER_ASSETS, else the testbed's cache. Throws with what is missing. */
export function kubernetesBinaries(folders = kubernetesFolders()): KubernetesBinaries {
  const home = folders.find((folder) => ['kube-apiserver', 'etcd'].every((name) => runs(path.join(folder, name))));
  if (home === undefined) {
    throw new Error('no kube-apiserver and etcd in KUBEBUILDER_ASSETS or the cache; testbed/build.sh builds them');
  }
  return { apiserver: path.join(home, 'kube-apiserver'), etcd: path.join(home, 'etcd') };
}

/** For `real('kubernetes', probeKubernetes)`: undefined when both binaries are there, else why not. */
export function probeKubernetes(): string | undefined {
  try {
    kubernetesBinaries();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The text of Istio's CRDs, which `testbed/build.sh` puts beside the binaries. */
export function istioCrds(folders = kubernetesFolders()): string {
  const files = folders.map((folder) => path.join(folder, 'crd-all.gen.yaml'));
  const file = files.find((candidate) => fs.existsSync(candidate));
  if (file === undefined) throw new Error("Istio's CRDs are not in the cache; testbed/build.sh puts them there");
  return fs.readFileSync(file, 'utf8');
}

function runs(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
