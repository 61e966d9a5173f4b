/**
 * MEMBER: takes part. LEAVING: others stop using it, then it removes what it holds. LEFT: it has proven that nothing is left.
 * EVICTED: others dropped it at once, what it holds stays there.
 */
export type ClusterPhase = 'MEMBER' | 'LEAVING' | 'LEFT' | 'EVICTED';

/** What people decided about a cluster. */
export interface ClusterLife {
  cluster: string;
  phase: ClusterPhase;
  since: Date;
  /** Who moved it there. */
  by: string;
  /** LEFT: what the agent reported last; EVICTED: what stays behind. JSON. */
  proof: unknown;
  /** Set: drains do not wait for this cluster until its agent is heard again. */
  abandonedAt: Date | undefined;
  abandonedBy: string | undefined;
  /** Set: what it reported was deleted, and it has reported nothing since. */
  forgottenAt: Date | undefined;
  forgottenBy: string | undefined;
  /** Commit-ordered (line `agent`). */
  version: number;
}

export interface PhaseMove {
  cluster: string;
  from: readonly ClusterPhase[];
  to: ClusterPhase;
  by: string;
  proof?: unknown;
}

/** Decisions of people about clusters; call inside mutate, and record them. Each one has every global namespace compiled again. */
export interface ClusterLifeRepository {
  /** A cluster without a row is a MEMBER that nobody decided upon. */
  get(cluster: string): Promise<ClusterLife>;
  /** Clusters that somebody decided upon. */
  list(): Promise<ClusterLife[]>;
  /** Only from one of the phases named. */
  move(move: PhaseMove): Promise<{ outcome: 'moved' | 'other'; life: ClusterLife }>;
  /** Drains no longer wait for it; without a name they do again. */
  abandon(cluster: string, by: string | undefined): Promise<void>;
  /** Its entries are deleted: until it reports again it counts as empty. */
  forget(cluster: string, by: string): Promise<void>;
  /** Its agent is heard: it counts again. */
  heard(cluster: string): Promise<void>;
  /** The cluster's record is gone. */
  remove(cluster: string): Promise<void>;
}
