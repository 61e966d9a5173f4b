import type { Cluster, ClusterGroup, ClusterSelector } from '../resources/types.js';
import { matchesGlob } from './glob.js';
import { labelsMatch, matchesSelector, type Selectable } from './selector.js';

/** The cluster as selectors see it. */
export function selectableCluster({ metadata }: Cluster): Selectable {
  return { name: metadata.name, labels: metadata.labels ?? {} };
}

/**
 * True if the selector of a rule selects the cluster; omitted = every cluster. `groups` names ClusterGroups and is ORed with names
 * and globs; a group that does not exist selects nothing.
 */
export function matchesCluster(
  selector: ClusterSelector | undefined,
  cluster: Cluster,
  groups: readonly ClusterGroup[],
): boolean {
  const subject = selectableCluster(cluster);
  if (selector?.groups === undefined) return matchesSelector(selector, subject);
  const { groups: wanted, names = [], globs = [] } = selector;
  const isNamed = names.includes(subject.name) || globs.some((glob) => matchesGlob(glob, subject.name));
  const isGrouped = () =>
    groups.some((group) => wanted.includes(group.metadata.name) && matchesSelector(group.spec.clusters, subject));
  return (isNamed || isGrouped()) && labelsMatch(selector, subject.labels);
}

/** The registered clusters of a group, sorted by name. */
export function clustersOfGroup(group: ClusterGroup, clusters: readonly Cluster[]): Cluster[] {
  return clusters
    .filter((cluster) => matchesSelector(group.spec.clusters, selectableCluster(cluster)))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
