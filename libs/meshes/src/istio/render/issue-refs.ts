import type { GnsEntry, ResourceRef } from '@isthmus/domain';

/** The global namespace as the resource of an issue. */
export function gnsRef(gns: GnsEntry): ResourceRef {
  return { kind: 'GlobalNamespace', project: gns.project, name: gns.name };
}

/** A cluster as the resource of an issue. */
export function clusterRef(name: string): ResourceRef {
  return { kind: 'Cluster', name };
}
