/**
 * Why a host lost a member. RULES: the rules leave it out, within the breaker; APPROVED: a person approved it; OBSERVED: its
 * service is gone in its cluster, as intake believed; DELETED: its cluster or the global namespace was deleted. POLICY: it lost no
 * member, but a policy of it was changed in a way that may take objects away.
 */
export type RemovalCause = 'RULES' | 'APPROVED' | 'OBSERVED' | 'DELETED' | 'POLICY';

/** A decided removal: what agents may remove of the host needs no other decision. */
export interface RemovalRecord {
  gns: string;
  /** With POLICY also the domain of the global namespace: all of its hosts. */
  host: string;
  cause: RemovalCause;
  /** In words: `rules within the breaker`, `token:…`, `cluster east`. */
  decidedBy: string;
  decidedAt: Date;
  /** The catalog that last took something of the host away by this decision. */
  catalogSeq: number;
  /** False: every cluster has followed; the row only counts for the breaker. */
  open: boolean;
}

export type RemovalKey = Pick<RemovalRecord, 'host' | 'cause'>;

/** Written only by publications of the global namespace, under the lock of its head. */
export interface RemovalRepository {
  /** By host and cause. */
  list(gns: string): Promise<RemovalRecord[]>;
  put(gns: string, removals: readonly Omit<RemovalRecord, 'gns'>[]): Promise<void>;
  drop(gns: string, keys: readonly RemovalKey[]): Promise<void>;
}
