import type { MemberState, PortProtocol } from '@isthmus/domain';
import type { OneOrSome } from './one-or-some.js';
import type { TextSearch } from './text-search.js';

/** One Kubernetes service in one cluster, standing behind a host. */
export interface MemberKey {
  host: string;
  cluster: string;
  namespace: string;
  service: string;
}

/** One Kubernetes service of the organization. */
export type ServiceKey = Omit<MemberKey, 'host'>;

export interface MemberRecord extends MemberKey {
  gns: string;
  state: MemberState;
  /** Catalog seq that first carried this state; 0 until known. */
  enteredSeq: number;
  /** When the state may be left by time alone (draining). */
  dueAt: Date | undefined;
  version: number;
  updatedAt: Date;
}

export interface MemberTransition extends MemberKey {
  /** Version that was seen; 0 = no row yet. */
  expectedVersion: number;
  /** `gone` removes the row. */
  next: MemberState | 'gone';
  enteredSeq: number;
  dueAt?: Date;
}

export interface MemberRepository {
  /** Of one GNS or of some, each by host and place. */
  list(gns: OneOrSome): Promise<MemberRecord[]>;
  ofCluster(cluster: string): Promise<MemberRecord[]>;
  /** Those that are wanted or draining. */
  unsettled(gns: string): Promise<MemberRecord[]>;
  /** Compare-and-set on version for each; answers the keys that someone else changed. */
  apply(gns: string, transitions: readonly MemberTransition[]): Promise<{ applied: number; conflicts: MemberKey[] }>;
  /** GNSs that have a member whose time has come. */
  dueGns(limit: number): Promise<string[]>;
  /** Those of the GNSs that have a member which is wanted or draining, so that an acknowledgement may move it. */
  unsettledGns(gnsIds: readonly string[]): Promise<string[]>;
  /** Which other GNS holds these Kubernetes services, and in what state; services that none holds are left out. */
  heldElsewhere(
    gns: string,
    services: readonly ServiceKey[],
  ): Promise<(ServiceKey & { gns: string; state: MemberState })[]>;
}

export interface VipRecord {
  gns: string;
  host: string;
  address: string;
  allocatedAt: Date;
  releasedAt: Date | undefined;
}

export interface VipRepository {
  /** Without a GNS: all of the organization, so that probes avoid each other. */
  list(gns?: OneOrSome): Promise<VipRecord[]>;
  /** By host: the first ones that are in use and have this text in their host; of all global namespaces if none are given. */
  search(wanted: TextSearch & { gns?: readonly string[] }): Promise<VipRecord[]>;
  /** Those that rest, until they are freed or taken back. */
  released(gns: string): Promise<VipRecord[]>;
  /** Adds what is new; answers those refused because the host has another address or the address another host. */
  allocate(
    gns: string,
    vips: readonly { host: string; address: string }[],
  ): Promise<{ refused: { host: string; address: string }[] }>;
  /** Marks as released: kept until freed. */
  release(gns: string, hosts: readonly string[]): Promise<void>;
  /** Takes a release back, since the host exists again. */
  reclaim(gns: string, hosts: readonly string[]): Promise<void>;
  /** Frees addresses released before that; answers how many. */
  free(releasedBefore: Date): Promise<number>;
}

export interface PortContractRecord {
  gns: string;
  host: string;
  number: number;
  name: string;
  protocol: PortProtocol;
  /** The member that fixed it: `<cluster>/<namespace>/<service>`. */
  fixedBy: string;
}

export interface PortRepository {
  /** Of one GNS or of some, each by host and number. */
  list(gns: OneOrSome): Promise<PortContractRecord[]>;
  /** The first wins: what is already fixed stays. */
  fix(gns: string, ports: readonly Omit<PortContractRecord, 'gns'>[]): Promise<void>;
  /** Frees the contract of hosts without members. */
  remove(gns: string, hosts: readonly string[]): Promise<void>;
}
