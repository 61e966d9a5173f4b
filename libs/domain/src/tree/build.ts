import { ContentTree } from './content-tree.js';
import { isEntryName } from './entry.js';
import type { Tree, TreeEntry } from './types.js';

/** The tree without entries: leaving a global namespace is a ref to its root. */
export const EMPTY_TREE: Tree = new ContentTree(new Map());

/** Root of the tree without entries. */
export const EMPTY_ROOT = EMPTY_TREE.root;

/** The tree with its nodes; a plain `Tree` that came from elsewhere is indexed once. */
export function indexed(tree: Tree): ContentTree {
  return tree instanceof ContentTree ? tree : contentTree(tree.entries.values());
}

function contentTree(entries: Iterable<TreeEntry>): ContentTree {
  const changes = new Map<string, TreeEntry>();
  for (const item of entries) {
    if (!isEntryName(item.name))
      throw new RangeError('name of a tree entry is empty, too long or holds spaces or control characters');
    if (changes.has(item.name)) throw new RangeError(`two entries are named ${item.name}`);
    changes.set(item.name, item);
  }
  return new ContentTree(new Map()).withChanges(changes);
}

/** Tree of these entries, in any order. The hashes of the entries are taken as they are: see `verifyTree` for received ones. */
export function buildTree(entries: Iterable<TreeEntry>): Tree {
  return contentTree(entries);
}

/** The tree after putting and removing entries; costs the touched paths only and equals a full build (removing an absent name changes nothing). */
export function updateTree(tree: Tree, changes: { put?: readonly TreeEntry[]; remove?: readonly string[] }): Tree {
  const all = new Map<string, TreeEntry | undefined>();
  const base = indexed(tree);
  for (const name of changes.remove ?? []) if (base.entries.has(name)) all.set(name, undefined);
  for (const item of changes.put ?? []) {
    if (!isEntryName(item.name))
      throw new RangeError('name of a tree entry is empty, too long or holds spaces or control characters');
    if (base.entries.size === 0 || base.entries.get(item.name)?.hash !== item.hash) all.set(item.name, item);
    else all.delete(item.name);
  }
  return base.withChanges(all);
}
