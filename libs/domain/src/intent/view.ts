import type { DiscoveredGateway } from '../inventory/types.js';
import type { ExternalEntry } from './external.js';
import type { PublicEntry } from './public.js';
import type { BlockEntry } from './features/block.js';
import type {
  ClusterEntry,
  EncryptionEntry,
  GnsEntry,
  GroupEntry,
  HostEntry,
  MemberEntry,
  SloEntry,
  UserGroupEntry,
} from './entries.js';

/** One global service with its members, as an agent sees it after joining policy and catalog. */
export interface HostView {
  host: HostEntry;
  members: MemberEntry[];
  /** Blocks of policies that target this host or a port of it, in the order of their names. */
  blocks?: readonly BlockEntry[];
  /** Names of the service groups that a member of it belongs to, sorted. */
  groups?: readonly string[];
}

/** A global namespace as one agent renders it: the policy tree joined with the catalog. Same value in every cluster. */
export interface GnsView {
  gns: GnsEntry;
  /** Absent: no policy says anything, and the mesh's own mode stays as its owners set it. */
  encryption?: EncryptionEntry;
  slos: { host?: string; slo: SloEntry }[];
  /** Blocks of policies for all hosts or for service groups, in the order of their names. */
  blocks?: readonly BlockEntry[];
  /** Service groups of the project, in the order of their names. */
  groups?: readonly GroupEntry[];
  /** Services outside of the mesh, in the order of their names. */
  externals?: readonly ExternalEntry[];
  /** Public services, in the order of their names. */
  publics?: readonly PublicEntry[];
  /** User groups that policies here may name, in the order of their names. */
  userGroups?: readonly UserGroupEntry[];
  clusters: ClusterEntry[];
  hosts: HostView[];
}

/** A namespace of the agent's own cluster, for matching consumer rules. */
export interface LocalNamespace {
  name: string;
  labels: Record<string, string>;
}

/** What only the rendering cluster knows about itself. */
export interface LocalFacts {
  /** Name of the cluster that renders. */
  cluster: string;
  namespaces: LocalNamespace[];
  /** Namespace that the agent owns (client views of hosts without local workload live there); default isthmus-system. */
  agentNamespace: string;
  /** Undefined = unknown. */
  dnsCapture?: boolean;
  acceptedTrustDomains?: string[];
  /** IP addresses of other clusters' gateways that have host names, by name, as last resolved here; an absent name is not resolved. */
  gatewayAddresses?: Readonly<Record<string, readonly string[]>>;
  /**
   * East-west gateways that were found in this cluster, with the port of their service: it differs from the one that other
   * clusters dial behind a node port or a port mapping. Undefined = not known.
   */
  gateways?: readonly Pick<DiscoveredGateway, 'namespace' | 'selector' | 'port'>[];
  /** API groups/kinds that the cluster serves, e.g. `networking.istio.io/v1/ServiceEntry`; undefined = not known (offline). */
  servedKinds?: readonly string[];
  /** Instants up to this one have passed, in milliseconds since 1970; it changes only when one of a policy has. Absent: none has. */
  passedInstant?: number;
  /** Kinds that some policies need and that the agent has no right to write here, in the same form; undefined = not known. */
  deniedKinds?: readonly string[];
}
