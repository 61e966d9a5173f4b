import type { MachineEntry } from './machines.js';
import type { EncryptionMode, MeshKind, RawExtension, Selector } from '../resources/types.js';

/**
 * Bodies of tree entries. Every array is a `set` (sorted, unique) unless a comment says `list`; defaults and empty
 * collections are never written, so a new optional field changes no existing hash.
 */

/** User-chosen keys become sorted pairs. */
export interface NameValue {
  name: string;
  value: string;
}

/** policy `gns`: identity, domain and the rules that agents evaluate themselves. */
export interface GnsEntry {
  kind: 'gns';
  project: string;
  name: string;
  domain: string;
  /** Member clusters pinned in this revision, by name. */
  memberClusters?: string[];
  /** Who may call: clusters are resolved and pinned, namespaces are matched by the agent. */
  consumers?: ConsumerEntry[];
}

/** `namespaces` omitted = every namespace of those clusters. */
export interface ConsumerEntry {
  clusters: string[];
  namespaces?: Selector;
  /** Namespaces to leave out (from `exclude` rules without a service selector). */
  except?: Selector[];
}

/** policy `gns/encryption`. */
export interface EncryptionEntry {
  kind: 'encryption';
  mode: EncryptionMode;
}

/** policy `gns/group/<name>`: who is in a service group; without rules nobody. */
export interface GroupEntry {
  kind: 'group';
  name: string;
  rules?: GroupRule[];
}

/** Every selector must hold; an omitted one selects all. Clusters are resolved and pinned, labels are those of the member. */
export interface GroupRule {
  clusters?: string[];
  namespaces?: Selector;
  services?: Selector;
}

/** policy `gns/user-group/<project>/<name>`: who is in a group of users, by what their tokens say. */
export interface UserGroupEntry {
  kind: 'userGroup';
  project: string;
  name: string;
  rules: UserRule[];
}

/** All given fields must hold. `path` is a list. */
export interface UserRule {
  issuer: string;
  subjects?: string[];
  claims?: { path: string[]; values: string[] }[];
}

/** policy `gns/slo/<project>/<name>` or `host/<h>/slo/<project>/<name>`. */
export interface SloEntry {
  kind: 'slo';
  name: string;
  indicator: 'AVAILABILITY' | 'LATENCY';
  thresholdMs?: number;
  /** Parts per million: 0.999 is 999000. */
  objectivePpm: number;
  windowSeconds: number;
}

/** catalog `cluster/<name>`: facts that other clusters need, from the Cluster record, never from agent claims. */
export interface ClusterEntry {
  kind: 'cluster';
  name: string;
  mesh: MeshKind;
  mode?: 'ambient';
  trustDomain: string;
  clusterDomain: string;
  network?: string;
  locality?: string;
  gateways?: GatewayEntry[];
  /** What the owner of the cluster allows beyond the API of its mesh. */
  rawExtensions?: RawExtension[];
}

export interface GatewayEntry {
  address: string;
  port: number;
  namespace: string;
  selector: NameValue[];
}

export type PortProtocol =
  'HTTP' | 'HTTP2' | 'GRPC' | 'GRPC-WEB' | 'HTTPS' | 'TLS' | 'TCP' | 'MONGO' | 'MYSQL' | 'REDIS';

/** A port of a global service; the name is always `<protocol>-<number>` in lower case (EDS matches by port name). */
export interface HostPort {
  number: number;
  name: string;
  protocol: PortProtocol;
}

/** catalog `host/<h>`: the port contract and VIP of a global service. */
export interface HostEntry {
  kind: 'host';
  host: string;
  service: string;
  vip: string;
  ports: HostPort[];
}

/** Life of a member: nothing at a client may point to it unless `served`. `gone` is the entry's absence. */
export type MemberState = 'wanted' | 'served' | 'draining';

/** catalog `host/<h>/member/<cluster>/<namespace>/<service>`. */
export interface MemberEntry {
  kind: 'member';
  host: string;
  cluster: string;
  namespace: string;
  service: string;
  state: MemberState;
  headless?: true;
  selector: NameValue[];
  /** Labels of the Kubernetes Service that service groups of the project ask for; no others. */
  labels?: NameValue[];
  /** Kubernetes service accounts of the workloads behind the service, without namespace. */
  serviceAccounts?: string[];
  /** Versions of the workloads behind the service: values of their label `version`, or of the one that `versionLabel` names. */
  versions?: string[];
  versionLabel?: 'app.kubernetes.io/version';
  /** Port numbers of the host that this member serves, each with the resolved container port. */
  ports: { number: number; targetPort: number }[];
  /** Machines outside of Kubernetes that serve it beside pods, or alone; by site and name. */
  machines?: MachineEntry[];
}

/**
 * catalog `host/<h>/removed`: the host lost members, or its policies something, by a decision, so that agents remove what these took
 * along without asking again. It stays until every cluster has followed. With the domain instead of a host: every host that stays.
 */
export interface RemovedEntry {
  kind: 'removed';
  host: string;
  /** The host has no member left that is wanted or served: all of it may go, else only objects of a host that stays. */
  whole?: true;
}

export type PolicyEntry = GnsEntry | EncryptionEntry | GroupEntry | UserGroupEntry | SloEntry;
export type CatalogEntry = ClusterEntry | HostEntry | MemberEntry | RemovedEntry;
