import type { Hash } from '@isthmus/domain';

/**
 * INTAKE: deletions in a cluster's inventory; PRUNE: deletions of rendered objects in a cluster; DRAIN: members that leave a
 * global namespace by its rules, whatever their clusters.
 */
export type HoldKind = 'INTAKE' | 'PRUNE' | 'DRAIN';

export interface HoldRecord {
  id: string;
  /** Empty for DRAIN. */
  cluster: string;
  kind: HoldKind;
  /** Empty for INTAKE. */
  gns: string;
  /** Hash of the sorted items; an approval counts for this very set. */
  setHash: Hash;
  items: string[];
  /** Size of the set; more than there are items if whoever holds it listed only the first ones. */
  count: number;
  since: Date;
  approvedBy: string | undefined;
  approvedAt: Date | undefined;
  version: number;
}

export interface HoldRepository {
  /** Opens or updates the hold of (cluster, kind, gns); a set that changed loses its approval. */
  hold(input: {
    cluster: string;
    kind: HoldKind;
    gns?: string;
    setHash: Hash;
    items: readonly string[];
    /** Default: as many as there are items. */
    count?: number;
  }): Promise<HoldRecord>;
  /**
   * Only the set that was shown can be approved, and the first approval stands. Call inside mutate, and record it if it is new.
   */
  approve(
    id: string,
    setHash: Hash,
    by: string,
  ): Promise<{ outcome: 'approved' | 'already' | 'changed'; record: HoldRecord } | { outcome: 'absent' }>;
  get(id: string): Promise<HoldRecord | undefined>;
  list(filter: { cluster?: string; gns?: string; kind?: HoldKind }): Promise<HoldRecord[]>;
  /** The deletions happened, or are no longer asked for. */
  clear(cluster: string, kind: HoldKind, gns?: string): Promise<boolean>;
}
