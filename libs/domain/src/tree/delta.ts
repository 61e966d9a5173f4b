import { buildTree, indexed, updateTree } from './build.js';
import { byCodeUnit } from './canonical.js';
import type { BucketNode, UnitNode } from './content-tree.js';
import { isEntryName, isIntact } from './entry.js';
import type { Hash, Tree, TreeDelta, TreeEntry } from './types.js';

/** Why received entries were refused. */
export type TreeFault =
  | { reason: 'WRONG_BASE'; expected: Hash; actual: Hash }
  | { reason: 'BAD_NAME' | 'DUPLICATE_NAME' | 'BODY_HASH'; name: string }
  | { reason: 'WRONG_ROOT'; expected: Hash; actual: Hash };

/** A verified tree, or what is wrong with what was received. */
export type TreeResult = { ok: true; tree: Tree } | { ok: false; fault: TreeFault };

interface Changes {
  put: TreeEntry[];
  remove: string[];
}

/** Calls `visit` for every name whose node differs between the two maps; equal hashes are skipped with all below them. */
function eachDifference<N extends { readonly hash: Hash }>(
  [before, after]: readonly [ReadonlyMap<string, N> | undefined, ReadonlyMap<string, N> | undefined],
  visit: (before: N | undefined, after: N | undefined, name: string) => void,
): void {
  for (const [name, node] of before ?? []) if (after?.has(name) !== true) visit(node, undefined, name);
  for (const [name, node] of after ?? []) {
    const known = before?.get(name);
    if (known?.hash !== node.hash) visit(known, node, name);
  }
}

function collectUnit(before: UnitNode | undefined, after: UnitNode | undefined, changes: Changes): void {
  eachDifference([before?.entries, after?.entries], (_, item, name) => {
    if (item === undefined) changes.remove.push(name);
    else changes.put.push(item);
  });
}

function collectBucket(before: BucketNode | undefined, after: BucketNode | undefined, changes: Changes): void {
  eachDifference([before?.units, after?.units], (a, b) => collectUnit(a, b, changes));
}

/** What turns `from` into `to`, sorted by name; equal parts of the trees are skipped by their hashes. */
export function diffTrees(from: Tree, to: Tree): TreeDelta {
  const [before, after] = [indexed(from), indexed(to)];
  const changes: Changes = { put: [], remove: [] };
  eachDifference([before.buckets, after.buckets], (a, b) => collectBucket(a, b, changes));
  changes.put.sort((a, b) => byCodeUnit(a.name, b.name));
  changes.remove.sort(byCodeUnit);
  return { from: before.root, to: after.root, ...changes };
}

function faultOfEntries(entries: Iterable<TreeEntry>, taken: Set<string>): TreeFault | undefined {
  for (const item of entries) {
    if (!isEntryName(item.name)) return { reason: 'BAD_NAME', name: item.name };
    if (taken.has(item.name)) return { reason: 'DUPLICATE_NAME', name: item.name };
    if (!isIntact(item)) return { reason: 'BODY_HASH', name: item.name };
    taken.add(item.name);
  }
  return undefined;
}

function withRoot(tree: Tree, root: Hash): TreeResult {
  return tree.root === root
    ? { ok: true, tree }
    : { ok: false, fault: { reason: 'WRONG_ROOT', expected: root, actual: tree.root } };
}

/**
 * Applies a received delta: refuses another base than the receiver's own root, a body that does not hash to what it says, a
 * name that is put and removed, and a result with another root than announced. Nothing is applied in part.
 */
export function applyDelta(tree: Tree, delta: TreeDelta): TreeResult {
  if (tree.root !== delta.from)
    return { ok: false, fault: { reason: 'WRONG_BASE', expected: delta.from, actual: tree.root } };
  const fault = faultOfEntries(delta.put, new Set(delta.remove));
  if (fault !== undefined) return { ok: false, fault };
  return withRoot(updateTree(tree, delta), delta.to);
}

/** Builds a received complete tree, hashing every body and recomputing the root. */
export function verifyTree(entries: Iterable<TreeEntry>, root: Hash): TreeResult {
  const all = [...entries];
  const fault = faultOfEntries(all, new Set());
  return fault === undefined ? withRoot(buildTree(all), root) : { ok: false, fault };
}
