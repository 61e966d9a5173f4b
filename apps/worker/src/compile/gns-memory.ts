import { CatalogMemo, EMPTY_ROOT, EMPTY_TREE, readTree, type Hash, type Tree } from '@isthmus/domain';
import type { Store } from '@isthmus/store';
import type { LintMemory } from './lint.js';
import { nodeReader } from './read-nodes.js';
import type { SettledRows } from './recorded-rows.js';
import type { GnsKey, Snapshot } from './snapshot.js';

/** What a process remembers of one global namespace between compiles; losing it costs time only. */
export interface GnsMemory {
  memo: CatalogMemo;
  trees: Map<Hash, Tree>;
  rows: SettledRows | undefined;
  lint: LintMemory | undefined;
  /** What was compiled last, while nobody judged what users configured in its meshes. */
  unjudged: Snapshot | undefined;
}

const MAX_REMEMBERED = 64;

/** Memories of the global namespaces that were compiled last. */
export class Memories {
  private readonly known = new Map<string, GnsMemory>();

  of({ org, gns }: GnsKey): GnsMemory {
    const key = `${org}/${gns}`;
    const memory = this.known.get(key) ?? fresh();
    this.known.delete(key);
    this.known.set(key, memory);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MAX_REMEMBERED) break;
      this.known.delete(oldest);
    }
    return memory;
  }
}

function fresh(): GnsMemory {
  return {
    memo: new CatalogMemo(),
    trees: new Map<Hash, Tree>(),
    rows: undefined,
    lint: undefined,
    unjudged: undefined,
  };
}

/** Keeps the trees that are in force, and drops the others. */
export function keepTrees(memory: GnsMemory, trees: readonly (Tree | undefined)[]): void {
  memory.trees = new Map(trees.flatMap((tree) => (tree === undefined ? [] : [[tree.root, tree] as const])));
}

/** A tree that is in force: remembered, or read back from its objects. Objects of live roots are never collected. */
export async function treeOf(
  store: Store,
  key: GnsKey,
  at: { root: Hash | undefined; memory: GnsMemory },
): Promise<Tree> {
  const { root, memory } = at;
  if (root === undefined || root === EMPTY_ROOT) return EMPTY_TREE;
  const known = memory.trees.get(root);
  if (known !== undefined) return known;
  const result = await readTree(root, nodeReader(store, key.org));
  if (!result.ok)
    throw new Error(
      `tree ${root} cannot be read: ${result.missing.length} objects are missing, ${result.damaged.length} damaged`,
    );
  memory.trees.set(root, result.tree);
  return result.tree;
}
