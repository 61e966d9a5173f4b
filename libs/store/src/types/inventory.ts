import type { Hash } from '@isthmus/domain';

export interface InventoryHeadRecord {
  cluster: string;
  bootId: string;
  seq: number;
  root: Hash;
  /** False until the agent has announced a full list. */
  complete: boolean;
  /** DiscoveredMesh, gateways and whatever else the agent found. */
  facts: unknown;
  observedAt: Date;
  /** Commit-ordered (line `inventory`). */
  version: number;
}

export interface InventoryNamespaceRecord {
  cluster: string;
  namespace: string;
  hash: Hash;
  /** Canonical text of InventoryNamespace as the agent sent it. */
  body: string;
  /** False: it could not be listed; `body` is the last that could. */
  readable: boolean;
  observedAt: Date;
}

/** A namespace without its content. */
export type InventoryNamespaceOutline = Pick<InventoryNamespaceRecord, 'cluster' | 'namespace' | 'hash' | 'readable'>;

export interface InventoryUpdate {
  bootId: string;
  seq: number;
  /** The seq that this one builds on within the same boot; undefined = a snapshot that starts a boot or a resync. */
  prevSeq?: number;
  root: Hash;
  complete: boolean;
  facts: unknown;
  put: readonly { namespace: string; hash: Hash; body: string; readable: boolean }[];
  /** Only explicit deletions; absence says nothing. */
  remove: readonly string[];
}

export interface InventoryRepository {
  head(cluster: string): Promise<InventoryHeadRecord | undefined>;
  heads(clusters?: readonly string[]): Promise<InventoryHeadRecord[]>;
  /** All namespaces of the clusters, or those of these names. */
  namespaces(clusters: readonly string[], names?: readonly string[]): Promise<InventoryNamespaceRecord[]>;
  /** All namespaces of the clusters without their contents, to find those that are not known yet. */
  outlines(clusters: readonly string[]): Promise<InventoryNamespaceOutline[]>;
  /** Writes the update, and an outbox row `inventory.changed` if anything moved. `gap`: prevSeq is not what is stored; ask for a resync. */
  apply(from: { cluster: string; session: number }, update: InventoryUpdate): Promise<'written' | 'fenced' | 'gap'>;
  /** Without any change: the agent is alive and its view still holds. */
  confirm(from: { cluster: string; session: number }): Promise<'written' | 'fenced'>;
  /** Drops all of a cluster's inventory (an audited act: `cluster forget`). */
  forget(cluster: string): Promise<void>;
  /** Version of the organization's inventories: grows in commit order. */
  version(): Promise<number>;
}
