import { matchesCluster } from '../membership/clusters.js';
import type { Cluster, ClusterGroup, GlobalNamespace } from '../resources/types.js';
import { byCodeUnit } from '../tree/canonical.js';

/** The registered clusters and groups of an organization. */
export interface Fleet {
  clusters: readonly Cluster[];
  clusterGroups?: readonly ClusterGroup[];
}

/** True if members may live in the cluster: a member rule fits it, and no rule excludes it as a whole. */
export function isMemberCluster(gns: GlobalNamespace, cluster: Cluster, groups: readonly ClusterGroup[] = []): boolean {
  const { members, exclude = [] } = gns.spec;
  const whole = exclude.filter((rule) => rule.namespaces === undefined && rule.services === undefined);
  if (whole.some((rule) => matchesCluster(rule.clusters, cluster, groups))) return false;
  return members.some((rule) => matchesCluster(rule.clusters, cluster, groups));
}

/** Names of the clusters whose services may be members, sorted: what a policy revision pins. */
export function memberClusterNames(gns: GlobalNamespace, { clusters, clusterGroups }: Fleet): string[] {
  return clusters
    .filter((cluster) => isMemberCluster(gns, cluster, clusterGroups))
    .map((cluster) => cluster.metadata.name)
    .sort(byCodeUnit);
}
