import type { CallJudge, ClusterEntry, EncryptionMode, GnsView, HostView, MemberEntry } from '@isthmus/domain';
import type { StoredReport } from '@isthmus/slo';
import type { SessionRecord } from '@isthmus/store';

/** Most services that are told one by one. */
export const MOST_SERVICES = 200;

/** A global namespace as it was compiled last. */
export interface CompiledView {
  view: GnsView;
  judge: CallJudge;
}

/** A service where it stands. */
export interface PlacedService {
  /** Opaque global id, that of the GlobalService. */
  id: string;
  gns: { name: string; project: string };
  compiled: CompiledView;
  host: HostView;
  encryption: EncryptionMode | undefined;
  /** The worst of its objectives; undefined: it has none that was evaluated. */
  objective: StoredReport['status'] | undefined;
  /** Service groups that are the viewer's to read. */
  groups: string[];
}

/** What a viewer may know of a cluster: its name, and more only if the cluster is the viewer's to read. */
export interface PlacedCluster {
  entry: ClusterEntry;
  isReadable: boolean;
  /** Of its agent; undefined also where it was never heard. */
  session: SessionRecord | undefined;
}

export type Grouping = 'CLUSTER' | 'NAMESPACE' | 'VERSION';

/** What of a topology is asked for. */
export interface TopologyRequest {
  text?: string;
  cluster?: string;
  namespace?: string;
  serviceGroup?: string;
  groupBy: Grouping;
  /** Ids of groups whose services are told one by one. */
  expand: readonly string[];
}

/** Services that are told together. */
export interface ServiceGroupModel {
  id: string;
  /** Undefined: no version is known, or the rest of too many groups. */
  name: string | undefined;
  isRest: boolean;
  services: PlacedService[];
}

/** Calls between clusters that go through the gateways of one. */
export interface PathModel {
  to: string;
  from: string[];
  gateways: number;
  services: number;
}

/** All services that may be shown, and the clusters around them. */
export interface TopologyWorld {
  services: PlacedService[];
  clusters: ReadonlyMap<string, PlacedCluster>;
  /** Clusters that call, beside those where members run. */
  consumers: ReadonlySet<string>;
}

export const membersOf = ({ host }: PlacedService): readonly MemberEntry[] => host.members;

/** Clusters where a service runs, sorted. */
export const clustersOf = (service: PlacedService): string[] =>
  sortedUnique(membersOf(service).map((one) => one.cluster));

/** Each value once, sorted. */
export function sortedUnique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
