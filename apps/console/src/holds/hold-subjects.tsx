import type { ReactNode } from 'react';
import { ResourceLink } from '../resources/resource-link.js';

/** What a held removal is about, as far as the viewer is told. */
export interface Subjects {
  globalNamespace: { name: string; projectName: string | null } | null;
  cluster: { name: string } | null;
  clusterName: string | null;
}

/** The global namespace and the cluster that removals are held in; a cluster that may not be read is named, and no link. */
export function HoldSubjects({ globalNamespace, cluster, clusterName }: Subjects): ReactNode {
  return (
    <>
      {globalNamespace ? (
        <ResourceLink kind="GlobalNamespace" name={globalNamespace.name} project={globalNamespace.projectName} />
      ) : null}{' '}
      {cluster ? <ResourceLink kind="Cluster" name={cluster.name} /> : clusterName}
    </>
  );
}
