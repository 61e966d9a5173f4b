import type { Hash, Ref } from '@isthmus/domain';
import type { OneOrSome } from './one-or-some.js';

/** ACTIVE; LEAVING: the empty tree is on its way; CLOSED: the agent confirmed it, nothing is sent any more. */
export type TargetState = 'ACTIVE' | 'LEAVING' | 'CLOSED';

/** Policy ref of one cluster for one GNS; the catalog line's head is in HeadRecord, the same for every cluster. */
export interface TargetRecord {
  cluster: string;
  gns: string;
  state: TargetState;
  ref: Ref;
  minCatalogSeq: number;
  /** Revision number of the root; undefined for the empty tree. */
  revision: number | undefined;
  /** Canonical text that was signed, and its signature (base64). */
  statement: string;
  signature: string;
  /** Commit-ordered (line `target`). */
  version: number;
  movedAt: Date;
}

export interface TargetMove {
  cluster: string;
  gns: string;
  /** The seq that the mover saw; 0 = no target yet. */
  expectedSeq: number;
  next: Ref;
  state: TargetState;
  minCatalogSeq: number;
  revision?: number;
  statement: string;
  signature: string;
}

export interface MoveOutcome {
  moved: { cluster: string; gns: string; seq: number }[];
  /** Not moved: someone else did, or the pair would not grow. */
  conflicts: { cluster: string; gns: string; current: TargetRecord | undefined }[];
}

export type TargetLine = 'policy' | 'catalog';

/** A tree on a line. */
export interface LineTree {
  gns: string;
  line: TargetLine;
  root: Hash;
}

/** What an agent says it applied, per GNS and line. */
export interface AppliedReport {
  gns: string;
  line: TargetLine;
  ref: Ref;
  /** Objects that the cluster holds for this GNS; counted, and listed if the agent lists them. */
  objectCount: number;
  objects?: unknown;
  /** JSON array of Issue. */
  issues: readonly unknown[];
  /** Anything else worth showing: drift, offers, held deletions. */
  detail?: unknown;
}

export interface AppliedRecord extends AppliedReport {
  cluster: string;
  errorCount: number;
  warningCount: number;
  appliedAt: Date;
  /** Commit-ordered (line `applied`). */
  version: number;
}

/** Where one cluster stands on one line, without what it reported. */
export type AcknowledgedRef = Pick<AppliedRecord, 'cluster' | 'line' | 'ref'>;

/** What the session of one cluster acknowledges. */
export interface Acknowledgement {
  from: { cluster: string; session: number };
  reports: readonly AppliedReport[];
}

export interface TargetRepository {
  get(cluster: string, gns: string): Promise<TargetRecord | undefined>;
  /** Of one cluster or of some, each by GNS. */
  ofCluster(cluster: OneOrSome): Promise<TargetRecord[]>;
  /** Of one GNS or of some, each by cluster. */
  ofGns(gns: OneOrSome): Promise<TargetRecord[]>;
  /** Clusters that have, or had, a target in one of the global namespaces. */
  clustersOf(gnsIds: readonly string[]): Promise<ReadonlySet<string>>;
  changedSince(version: number, limit: number): Promise<TargetRecord[]>;
  /** Compare-and-set on seq, all in one statement: those that match move, the rest are returned. Wrap in mutate/withTenant and roll back if you need all or nothing. */
  move(moves: readonly TargetMove[]): Promise<MoveOutcome>;
  /** After the agent confirmed the empty tree with this seq. */
  close(cluster: string, gns: string, seq: number): Promise<boolean>;
  /** Acknowledgements of one cluster; nothing is written unless `session` is the cluster's newest. Older (epoch, seq) never overwrite newer ones. */
  acknowledge(
    from: { cluster: string; session: number },
    reports: readonly AppliedReport[],
  ): Promise<'written' | 'fenced'>;
  /** The same of several clusters in the same few statements; answers the clusters of which nothing was written, as they were fenced. */
  acknowledgeAll(all: readonly Acknowledgement[]): Promise<ReadonlySet<string>>;
  /** How far each cluster has applied the GNS. */
  acknowledged(gns: string): Promise<AcknowledgedRef[]>;
  /** Where on its policy line each cluster said that it is ready for others. */
  ready(gns: string): Promise<{ cluster: string; epoch: number; seq: number }[]>;
  applied(filter: { cluster?: OneOrSome; gns?: OneOrSome; changedSince?: number }): Promise<AppliedRecord[]>;
  /** Those of the trees that the cluster was sent to on its lines, or that the catalogs which it follows went through. */
  given(cluster: string, trees: readonly LineTree[]): Promise<LineTree[]>;
  /** Roots that targets, heads or acknowledgements still name: what collections start from. */
  liveRoots(): Promise<Hash[]>;
}
