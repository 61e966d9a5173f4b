import type { ClusterInventory, Issue, KubeObject } from '@isthmus/domain';
import type { ObjectSource } from '@isthmus/meshes';
import type { ResourceRecord, TenantTx } from '@isthmus/store';
import type { Secrecy } from '../auth/secrecy.js';
import { compareWorlds } from './compare-worlds.js';
import { recordedOf } from './recorded.js';

/** How one rendered object would change; one side is undefined where it is only in the other state. */
export interface ObjectChange {
  change: 'ADDED' | 'CHANGED' | 'REMOVED';
  before: KubeObject | undefined;
  after: KubeObject | undefined;
  /** What it comes from after the change, or before it if it goes. Undefined: telling it would cost more than one answer may. */
  sources: () => ObjectSource[] | undefined;
}

/** What a change would do in one cluster. */
export interface ClusterPreview {
  cluster: string;
  added: number;
  changed: number;
  removed: number;
  /** The first of them; see `truncated`. */
  objects: ObjectChange[];
  truncated: boolean;
  issues: Issue[];
}

/** What a change would do to rendered configuration, cluster by cluster; clusters without any change are left out. */
export interface Preview {
  clusters: ClusterPreview[];
  /** Clusters whose inventory is unknown: what would be rendered there cannot be said. */
  unknownClusters: string[];
}

/** Both states, without clusters that have left or were evicted. */
export interface PreviewInput {
  before: readonly ResourceRecord[];
  after: readonly ResourceRecord[];
  inventories: ReadonlyMap<string, ClusterInventory>;
  /** Keys (`kind/project/name`) of what changes. */
  changed: ReadonlySet<string>;
  /** Names of clusters that leave. */
  leaving: ReadonlySet<string>;
}

/** Compiles and renders both states with what is recorded of members, addresses and ports, and compares cluster by cluster. */
export async function previewChange(
  tx: Omit<TenantTx, 'resources'>,
  input: PreviewInput,
  secrecy: Secrecy,
): Promise<Preview> {
  const uids = new Set(
    [...input.before, ...input.after].filter(({ kind }) => kind === 'GlobalNamespace').map(({ uid }) => uid),
  );
  return compareWorlds(input, await recordedOf(tx, uids), secrecy);
}
