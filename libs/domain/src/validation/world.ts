import type { ClusterInventory } from '../inventory/types.js';
import type { Issue, ResourceRef } from '../issues/issue.js';
import { sitesOf, withSites } from '../compile/sites.js';
import { matchesCluster } from '../membership/clusters.js';
import { consumerNamespaces, resolveMembers, type ClusterView, type ResolvedMember } from '../membership/members.js';
import { isProjectScoped } from '../resources/schema/kinds.js';
import { DEFAULT_PROJECT } from '../resources/types.js';
import type {
  Cluster,
  ClusterGroup,
  ConsumerRule,
  GlobalNamespace,
  MeshKind,
  Resource,
  ResourceKind,
  WorkloadSite,
} from '../resources/types.js';

/** What checks may know beside the resources. */
export interface ValidationContext {
  /** By name of the cluster; a cluster without inventory is unknown, not empty. */
  inventories?: ReadonlyMap<string, ClusterInventory>;
  /** Meshes that this release renders; default Istio. */
  renderable?: ReadonlySet<MeshKind>;
}

/** A global namespace with what its rules come to. */
export interface GnsReach {
  gns: GlobalNamespace;
  /** Registered clusters that a member rule selects and no exclude rule takes out as a whole. */
  memberClusters: Cluster[];
  /** Registered clusters whose workloads may call, by any rule. */
  consumerClusters: Cluster[];
  /** Clusters whose content is known, with the machines of the project. */
  views: readonly ClusterView[];
  /** Known members; those of clusters without inventory are missing. */
  members: ResolvedMember[];
  /** Clusters that own a known member. */
  owners: ReadonlySet<string>;
  /** Clusters with a namespace that may call; a cluster without inventory counts if a rule selects it. */
  callers: ReadonlySet<string>;
}

/** Everything that a cross-resource check looks at, resolved once. */
export interface World {
  resources: readonly Resource[];
  clusters: ReadonlyMap<string, Cluster>;
  inventories: ReadonlyMap<string, ClusterInventory>;
  renderable: ReadonlySet<MeshKind>;
  reaches: readonly GnsReach[];
  groups: readonly ClusterGroup[];
  /** Clusters whose content is known. */
  views: readonly ClusterView[];
}

type KnownFleet = Pick<World, 'groups' | 'views'> & { clusters: readonly Cluster[] };

/** A check over all resources at once. */
export type WorldCheck = (world: World) => Issue[];

/** The resources of one kind, in their order. */
export function ofKind<K extends ResourceKind>(
  resources: readonly Resource[],
  kind: K,
): Extract<Resource, { kind: K }>[] {
  return resources.filter((resource): resource is Extract<Resource, { kind: K }> => resource.kind === kind);
}

/** What an issue says of the resource it is about. */
export function refOf({ kind, metadata }: Resource): ResourceRef {
  const { name, project = DEFAULT_PROJECT } = metadata;
  return isProjectScoped(kind) ? { kind, name, project } : { kind, name };
}

/** `<project>/<name>`: the identity of a project-scoped resource among its kind. */
export function scopedName({ metadata }: Resource): string {
  return `${metadata.project ?? DEFAULT_PROJECT}/${metadata.name}`;
}

/** Resolves rules, members and callers. */
export function worldOf(resources: readonly Resource[], context: ValidationContext): World {
  const clusters = ofKind(resources, 'Cluster');
  const inventories = context.inventories ?? new Map<string, ClusterInventory>();
  const views = clusters.flatMap((cluster) => {
    const inventory = inventories.get(cluster.metadata.name);
    return inventory === undefined ? [] : [{ cluster, inventory }];
  });
  const fleet = { clusters, groups: ofKind(resources, 'ClusterGroup'), views };
  const sites = ofKind(resources, 'WorkloadSite');
  const near = (gns: GlobalNamespace): KnownFleet => ({ ...fleet, views: viewsWith(views, sitesOf(sites, gns)) });
  return {
    resources,
    clusters: new Map(clusters.map((cluster) => [cluster.metadata.name, cluster])),
    inventories,
    renderable: context.renderable ?? new Set(['istio']),
    reaches: ofKind(resources, 'GlobalNamespace').map((gns) => reachOf(gns, near(gns))),
    views,
    groups: fleet.groups,
  };
}

/** What a global namespace sees of clusters: with the machines of its project. */
function viewsWith(views: readonly ClusterView[], sites: readonly WorkloadSite[]): readonly ClusterView[] {
  if (sites.length === 0) return views;
  const known = withSites(new Map(views.map(({ cluster, inventory }) => [cluster.metadata.name, inventory])), sites);
  return views.map((view) => ({ ...view, inventory: known.get(view.cluster.metadata.name) ?? view.inventory }));
}

function reachOf(gns: GlobalNamespace, { clusters, groups, views }: KnownFleet): GnsReach {
  const { members: rules, consumers = [], exclude = [] } = gns.spec;
  const isIn = (some: readonly ConsumerRule[], cluster: Cluster) =>
    some.some((rule) => matchesCluster(rule.clusters, cluster, groups));
  const excluded = exclude.filter((rule) => rule.namespaces === undefined && rule.services === undefined);
  const memberClusters = clusters.filter((cluster) => isIn(rules, cluster) && !isIn(excluded, cluster));
  const withMembers = new Set(memberClusters);
  const consumerClusters = clusters.filter((cluster) => withMembers.has(cluster) || isIn(consumers, cluster));
  const members = resolveMembers(gns, views, groups);
  const holders = holdersOf(members);
  const isSilent = (view: ClusterView) =>
    consumerNamespaces(gns, view, { groups, holders: holders.get(view.cluster.metadata.name) ?? NONE }).length === 0;
  const silent = new Set(views.filter(isSilent).map(({ cluster }) => cluster));
  const callers = consumerClusters.filter((cluster) => !silent.has(cluster)).map(({ metadata }) => metadata.name);
  return {
    gns,
    views,
    memberClusters,
    consumerClusters,
    members,
    owners: new Set(holders.keys()),
    callers: new Set(callers),
  };
}

const NONE: ReadonlySet<string> = new Set();

/** The namespaces that hold members, by cluster. */
function holdersOf(members: readonly ResolvedMember[]): Map<string, Set<string>> {
  const holders = new Map<string, Set<string>>();
  for (const { cluster, namespace } of members) {
    const namespaces = holders.get(cluster) ?? new Set();
    holders.set(cluster, namespaces.add(namespace));
  }
  return holders;
}
