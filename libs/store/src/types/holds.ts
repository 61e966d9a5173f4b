import type { Hash } from '@isthmus/domain';

/** INTAKE: deletions in a cluster's inventory; PRUNE: deletions of rendered objects in a cluster. */
export type HoldKind = 'INTAKE' | 'PRUNE';

export interface HoldRecord {
  id: string;
  cluster: string;
  kind: HoldKind;
  /** Empty for INTAKE. */
  gns: string;
  /** Hash of the sorted items; an approval counts for this very set. */
  setHash: Hash;
  items: string[];
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
  }): Promise<HoldRecord>;
  /** Only the set that was shown can be approved. Call inside mutate, and record it. */
  approve(
    id: string,
    setHash: Hash,
    by: string,
  ): Promise<
    { outcome: 'approved'; record: HoldRecord } | { outcome: 'changed'; record: HoldRecord } | { outcome: 'absent' }
  >;
  get(id: string): Promise<HoldRecord | undefined>;
  list(filter: { cluster?: string; gns?: string }): Promise<HoldRecord[]>;
  /** The deletions happened, or are no longer asked for. */
  clear(cluster: string, kind: HoldKind, gns?: string): Promise<boolean>;
}
