import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { kubernetesFolders, missingKubernetes } from '@isthmus/kube';
import { programFolders } from '../env.js';

/** Where this machine's programs are looked for. */
export interface Places {
  /** Folders for etcd, kube-apiserver and Istio's CRDs; the last is where they are built. */
  kubernetes: readonly string[];
  /** Folders for Go. */
  programs: readonly string[];
}

const here = (): Places => ({ kubernetes: kubernetesFolders(), programs: programFolders() });

/** What real clusters lack on this machine, with the ways to get it; undefined when all is there or can be built. */
export function programsFault(places: Places = here()): string | undefined {
  const missing = missingKubernetes([...places.kubernetes]);
  if (missing.length === 0 || hasGo(places)) return undefined;
  return [
    `ISM0706 --clusters kubernetes needs ${missing.join(', ')}, not found in ${places.kubernetes.join(' or ')}. Ways to get there:`,
    '  install Go 1.26 or newer (on PATH or in /usr/local/go) and start again: it is built once, in some minutes, and kept',
    '  set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and the crd-all.gen.yaml of an Istio release',
    '  start with --clusters directory, which needs none of it',
  ].join('\n');
}

function hasGo({ programs }: Places): boolean {
  return programs.some((folder) => {
    try {
      accessSync(join(folder, 'go'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
