import { EMPTY_ROOT, EMPTY_TREE, readTree, type ReadNodes, type Tree } from '@isthmus/domain';
import type { TenantTx } from '@isthmus/store';

/** Reads nodes of trees as the transaction sees them; bytes that are no UTF-8 are a fault of the store and throw. */
export function treeNodesIn(tx: TenantTx): ReadNodes {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return async (hashes) => {
    const objects = await tx.objects.get(hashes);
    return new Map([...objects].map(([hash, { bytes }]) => [hash, decoder.decode(bytes)]));
  };
}

/** A whole tree; one of which nodes are gone is a fault of the store and throws. */
export function treeIn(tx: TenantTx, root: string): Promise<Tree> {
  return treeBy(root, treeNodesIn(tx));
}

/** The tree with this root, of nodes that are read so. Throws if a part is missing or damaged. */
export async function treeBy(root: string, nodes: ReadNodes): Promise<Tree> {
  if (root === EMPTY_ROOT) return EMPTY_TREE;
  const read = await readTree(root, nodes);
  if (!read.ok)
    throw new Error(`the tree ${root} lacks ${read.missing.length} nodes, ${read.damaged.length} are damaged`);
  return read.tree;
}
