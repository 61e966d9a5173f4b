import { byCodeUnit } from '@isthmus/domain';
import { closedNamespaces } from './closed-namespaces.js';
import type {
  BlockEntry,
  ClusterEntry,
  EncryptionMode,
  ExternalEntry,
  GnsEntry,
  GnsView,
  Issue,
  LocalFacts,
  MemberEntry,
} from '@isthmus/domain';
import { accessSceneOf, type AccessScene } from './access/access-scene.js';
import { consumerNamespaces } from './consumers.js';
import { leftDomains } from './left-domains.js';
import { OPTIONAL_KINDS } from './owned-object.js';
import { publicationsOf, type Publications } from './public/publications.js';
import { reachOf, type ReachableCluster } from './reach.js';

/** What rendering any host of a global namespace in one cluster needs, looked up once. */
export interface Scene {
  gns: GnsEntry;
  /** Undefined: no policy, the mesh's own mode stays. */
  mode: EncryptionMode | undefined;
  self: ClusterEntry;
  agentNamespace: string;
  /** Gateways that were found here. */
  gateways: NonNullable<LocalFacts['gateways']>;
  /** Namespaces of this cluster whose workloads see the hosts; sorted, without namespaces of gateways. Empty: no client view. */
  consumers: string[];
  /** Namespaces of this cluster with members; sorted, without those of gateways. */
  memberNamespaces: string[];
  /** Whether clusters other than this one may call. */
  remoteConsumers: boolean;
  /** Whether this cluster has members. */
  hasMembers: boolean;
  /** Earlier domains whose last members here still drain; sorted. */
  leftDomains: readonly string[];
  reachable: ReadonlyMap<string, ReachableCluster>;
  /** Kinds that only some policies need and that this cluster is known to lack; sorted. */
  unserved: readonly string[];
  /** Kinds that only some policies need and that the agent may not write; sorted. */
  denied: readonly string[];
  /** What policies say until then does not hold any more. */
  passedInstant?: number;
  /** What policies say of all hosts and of service groups. */
  blocks: readonly BlockEntry[];
  /** Services outside of the mesh. */
  externals: readonly ExternalEntry[];
  /** What is published through ingress gateways. */
  publications: Omit<Publications, 'issues'>;
  /** What rules of access name. */
  access: AccessScene;
  /** Issues of the scene itself, once a global namespace. */
  issues: Issue[];
}

interface Population {
  memberClusters: Set<string>;
  servedClusters: Set<string>;
  localNamespaces: Set<string>;
}

function populate(view: GnsView, self: ClusterEntry): Population {
  const closed = closedNamespaces(self);
  const found: Population = { memberClusters: new Set(), servedClusters: new Set(), localNamespaces: new Set() };
  const add = (member: MemberEntry) => {
    const isHere = member.cluster === self.name;
    if (isHere && closed.has(member.namespace)) return;
    found.memberClusters.add(member.cluster);
    if (isHere) found.localNamespaces.add(member.namespace);
    else if (member.state === 'served') found.servedClusters.add(member.cluster);
  };
  for (const { members } of view.hosts) members.forEach(add);
  return found;
}

/** Other clusters that may call members here: those of consumer rules, pinned members, and those that own services themselves. */
function remoteCallers(view: GnsView, population: Population, self: string): string[] {
  const ruled = (view.gns.consumers ?? []).flatMap(({ clusters }) => clusters);
  const all = new Set([...ruled, ...(view.gns.memberClusters ?? []), ...population.memberClusters]);
  all.delete(self);
  return [...all].sort(byCodeUnit);
}

/** Looks over the whole view once. The result holds no host: it changes only if clusters, rules, mode or namespaces do. */
export function setScene(view: GnsView, local: LocalFacts, self: ClusterEntry): Scene {
  const population = populate(view, self);
  const clusters = new Map(view.clusters.map((cluster) => [cluster.name, cluster]));
  const { issues: publicIssues, ...publications } = publicationsOf(view, self);
  const callers = remoteCallers(view, population, self.name);
  const consumers = consumerNamespaces({ view, local, self, memberNamespaces: population.localNamespaces });
  const hasMembers = population.localNamespaces.size > 0;
  const reach = reachOf(
    { self, local, clusters },
    {
      targets:
        consumers.names.length + publications.here.length === 0 ? [] : [...population.servedClusters].sort(byCodeUnit),
      callers: hasMembers ? callers : [],
    },
  );
  return {
    gns: view.gns,
    mode: view.encryption?.mode,
    self,
    agentNamespace: local.agentNamespace,
    gateways: local.gateways ?? [],
    consumers: consumers.names,
    memberNamespaces: [...population.localNamespaces].sort(byCodeUnit),
    remoteConsumers: callers.length > 0,
    hasMembers,
    leftDomains: leftDomains(view.hosts, { domain: view.gns.domain, cluster: self.name }),
    reachable: reach.reachable,
    unserved:
      local.servedKinds === undefined
        ? []
        : OPTIONAL_KINDS.filter((kind) => local.servedKinds?.includes(kind) !== true).sort(byCodeUnit),
    ...(local.passedInstant === undefined ? {} : { passedInstant: local.passedInstant }),
    denied: [...(local.deniedKinds ?? [])].sort(byCodeUnit),
    blocks: view.blocks ?? [],
    externals: view.externals ?? [],
    publications,
    access: accessSceneOf(view, self),
    issues: [...consumers.issues, ...reach.issues, ...publicIssues],
  };
}
