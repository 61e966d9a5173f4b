import type { InventoryNamespace } from '../inventory/types.js';
import { EMPTY_TREE } from '../tree/build.js';
import type { Tree, TreeEntry } from '../tree/types.js';
import type { HostPlan } from './host-plan.js';
import type { NamespaceScan } from './namespace-scan.js';

/** Entries of one host, with what they were written from. */
export interface WrittenHost {
  plan: HostPlan;
  vip: string;
  states: string;
  entries: readonly TreeEntry[];
}

/**
 * Remembers the parts of earlier compiles of one global namespace, so that the next one recomputes only what changed. Never
 * changes a result: a part is reused only if everything that it was made from is the same. Inventory namespaces are known by
 * identity, so callers keep the objects of unchanged namespaces.
 */
export class CatalogMemo {
  /** Specs that the memo belongs to; another one empties it. */
  key = '';
  namespaces = new WeakMap<InventoryNamespace, { cluster: string; scan: NamespaceScan }>();
  plans = new Map<string, { signature: readonly unknown[]; plan: HostPlan }>();
  written = new Map<string, WrittenHost>();
  clusters: string[] = [];
  tree: Tree = EMPTY_TREE;

  /** Empties the memo unless it was made under the same specs. */
  under(key: string): this {
    if (this.key !== key) {
      this.key = key;
      this.namespaces = new WeakMap();
      this.plans = new Map();
      this.written = new Map();
      this.clusters = [];
      this.tree = EMPTY_TREE;
    }
    return this;
  }
}
