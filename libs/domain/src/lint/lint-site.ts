import { hostName, isHostOf } from '../intent/host-name.js';
import type { DiscoveredMesh } from '../inventory/types.js';
import { consumerNamespaces, type ClusterView, type ResolvedMember } from '../membership/members.js';
import type { MeshConfigKind, MeshConfigObject } from '../mesh-config/types.js';
import { DEFAULT_CLUSTER_DOMAIN } from '../resources/defaults.js';
import type { Cluster, EncryptionMode, GlobalNamespace } from '../resources/types.js';
import type { GnsReach, World } from '../validation/world.js';
import { accessFinder, type HostAccess } from './access-at.js';
import { gatewayPlaces, type GatewayPlace } from './gateway-places.js';
import { labelsFinder } from './member-workloads.js';

/** A user's object with its namespace. */
export interface PlacedObject {
  namespace: string;
  object: MeshConfigObject;
}

/** A member with the host that it serves. */
export interface HostedMember extends ResolvedMember {
  host: string;
}

/** A namespace of another cluster whose workloads may call. */
export interface RemoteCaller {
  cluster: string;
  namespace: string;
  trustDomain: string;
  accounts: string[];
}

/** One global namespace in one cluster, with what users configured in the mesh there. */
export interface LintSite {
  gns: GlobalNamespace;
  /** Undefined: no policy, the mesh's own mode holds. */
  mode: EncryptionMode | undefined;
  cluster: Cluster;
  mesh: DiscoveredMesh;
  rootNamespace: string;
  /** Every host of the global namespace, wherever it is served; sorted. */
  hosts: ReadonlySet<string>;
  /** Members in this cluster; of several for a host the first one counts. */
  members: ReadonlyMap<string, HostedMember>;
  /** Namespaces here whose workloads see the hosts. */
  consumers: ReadonlySet<string>;
  /** Clusters other than this one that may call, also those of which nothing is known. */
  callingClusters: readonly string[];
  /** Known namespaces of other clusters that may call. */
  remoteCallers: () => readonly RemoteCaller[];
  gateways: readonly GatewayPlace[];
  /** Labels of the workloads behind a member here. */
  labelsOf: (member: HostedMember) => readonly Readonly<Record<string, string>>[];
  of: (kind: MeshConfigKind) => readonly PlacedObject[];
  /** What access policies say of a member's host. */
  accessAt: (member: HostedMember) => HostAccess;
  /** The namespace that holds what clients need of a host: its member's here, else the agent's. */
  viewOf: (host: string) => string;
}

/** What users configured in one cluster, by kind; undefined if there is nothing. */
export type ClusterConfig = ReadonlyMap<string, readonly PlacedObject[]>;

/** Gathers a cluster's objects by kind. */
export function configOf({ inventory }: ClusterView): ClusterConfig | undefined {
  const byKind = new Map<string, PlacedObject[]>();
  for (const { name: namespace, meshConfig } of inventory.namespaces) {
    for (const object of meshConfig?.objects ?? []) {
      const known = byKind.get(object.kind) ?? [];
      known.push({ namespace, object });
      byKind.set(object.kind, known);
    }
  }
  return byKind.size === 0 ? undefined : byKind;
}

/** Where an agent lives unless its workload was seen elsewhere. */
const AGENT = { namespace: 'isthmus-system', workload: 'isthmus-agent' };
/** The root namespace of meshes that name none. */
const ROOT_NAMESPACE = 'istio-system';

interface Surroundings {
  world: World;
  mode: EncryptionMode | undefined;
  configs: ReadonlyMap<string, ClusterConfig>;
}

/** The sites of a global namespace: clusters that take part and where users configured something. */
export function sitesOf(reach: GnsReach, { world, mode, configs }: Surroundings): LintSite[] {
  const taking = new Set([...reach.memberClusters, ...reach.consumerClusters]);
  const views = world.views.filter(({ cluster }) => taking.has(cluster));
  if (!views.some(({ cluster }) => configs.has(cluster.metadata.name))) return [];
  const members = hostedMembers(reach);
  const hosts = new Set(members.map(({ host }) => host).sort());
  const holders = holdersOf(reach);
  const accessAt = accessFinder(reach, world);
  const consumers = new Map(
    views.map((view) => [view.cluster.metadata.name, consumersIn(view, { reach, world, holders })]),
  );
  return views.flatMap((view): LintSite[] => {
    const { name } = view.cluster.metadata;
    const config = configs.get(name);
    if (config === undefined) return [];
    const local = membersIn(members, name);
    const agent = agentNamespace(view);
    const namespaces = new Map(view.inventory.namespaces.map((namespace) => [namespace.name, namespace]));
    return [
      {
        ...{ gns: reach.gns, mode, cluster: view.cluster, mesh: view.inventory.mesh, hosts, members: local },
        rootNamespace: rootOf(view),
        consumers: consumers.get(name) ?? new Set(),
        callingClusters: [...reach.callers].filter((caller) => caller !== name).sort(),
        remoteCallers: memoized(() => remoteCallers(views, consumers, name)),
        gateways: local.size === 0 ? [] : gatewayPlaces(view),
        labelsOf: labelsFinder(namespaces),
        of: (kind) => config.get(kind) ?? [],
        accessAt,
        viewOf: (host) => local.get(host)?.namespace ?? agent,
      },
    ];
  });
}

function hostedMembers({ gns, members }: GnsReach): HostedMember[] {
  return members.flatMap((member) => {
    const host = hostName(gns.spec, { name: member.service.name, namespace: member.namespace });
    return isHostOf(gns.spec.domain, host) ? [{ ...member, host }] : [];
  });
}

function membersIn(members: readonly HostedMember[], cluster: string): Map<string, HostedMember> {
  const found = new Map<string, HostedMember>();
  for (const member of members) {
    if (member.cluster === cluster && !found.has(member.host)) found.set(member.host, member);
  }
  return found;
}

interface Calling {
  reach: GnsReach;
  world: World;
  holders: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The namespaces that hold members, by cluster. */
function holdersOf({ members }: GnsReach): Map<string, Set<string>> {
  const holders = new Map<string, Set<string>>();
  for (const { cluster, namespace } of members) {
    const known = holders.get(cluster) ?? new Set();
    holders.set(cluster, known.add(namespace));
  }
  return holders;
}

/** Namespaces of gateways and the root namespace neither own nor call hosts. */
function consumersIn(view: ClusterView, { reach, world, holders }: Calling): ReadonlySet<string> {
  const closed = new Set([rootOf(view), ...gatewayPlaces(view).map(({ namespace }) => namespace)]);
  const own = holders.get(view.cluster.metadata.name) ?? new Set();
  const names = consumerNamespaces(reach.gns, view, { groups: world.groups, holders: own });
  return new Set(names.filter((name) => !closed.has(name)));
}

function rootOf({ inventory }: ClusterView): string {
  return inventory.mesh.rootNamespace ?? ROOT_NAMESPACE;
}

function agentNamespace({ inventory }: ClusterView): string {
  const home = inventory.namespaces.find(({ workloads }) => workloads.some(({ name }) => name === AGENT.workload));
  return home?.name ?? AGENT.namespace;
}

function remoteCallers(
  views: readonly ClusterView[],
  consumers: ReadonlyMap<string, ReadonlySet<string>>,
  here: string,
): RemoteCaller[] {
  return views.flatMap(({ cluster, inventory }) => {
    const { name } = cluster.metadata;
    if (name === here) return [];
    const trustDomain = cluster.spec.trustDomain ?? DEFAULT_CLUSTER_DOMAIN;
    const calling = inventory.namespaces.filter((namespace) => consumers.get(name)?.has(namespace.name));
    return calling.map(({ name: namespace, workloads }) => {
      const accounts = [...new Set(workloads.map(({ serviceAccount }) => serviceAccount))].sort();
      return { cluster: name, namespace, trustDomain, accounts };
    });
  });
}

function memoized<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
