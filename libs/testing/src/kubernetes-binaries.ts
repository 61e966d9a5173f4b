import fs from 'node:fs';
import path from 'node:path';
import { kubernetesFolders } from './env.js';

/** What a bare Kubernetes API needs. */
export interface KubernetesBinaries {
  readonly apiserver: string;
  readonly etcd: string;
}

/** The oldest and the newest minor version that the agent supports; one between them is the testbed's own. */
export const EDGE_VERSIONS = ['1.32', '1.37'] as const;
export type EdgeVersion = (typeof EDGE_VERSIONS)[number];

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

/** For `real('kubernetes', probeKubernetes)`: undefined when both binaries are there, else why not. */
export function probeKubernetes(): string | undefined {
  return reasonAgainst([undefined]);
}

/** For `real('kubernetes-versions', probeKubernetesVersions)`: the oldest and the newest supported apiserver. */
export function probeKubernetesVersions(): string | undefined {
  return reasonAgainst(EDGE_VERSIONS);
}

function reasonAgainst(versions: readonly (EdgeVersion | undefined)[]): string | undefined {
  try {
    for (const version of versions) kubernetesBinaries(version);
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
