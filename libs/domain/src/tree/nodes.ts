import { indexed, buildTree } from './build.js';
import type { BucketNode, UnitNode } from './content-tree.js';
import { nodeText } from './content-tree.js';
import { isWellFormed } from './canonical.js';
import { hashNode, type NodeKind } from './hash.js';
import type { Hash, Tree, TreeEntry } from './types.js';

/** One content-addressed object of a tree, as the store keeps it: `hash` is `hashNode(kind, text)`. */
export interface TreeNode {
  hash: Hash;
  kind: NodeKind;
  text: string;
}

function* unitNodes(unit: UnitNode, known: UnitNode | undefined): Generator<TreeNode> {
  if (unit.hash === known?.hash) return;
  for (const [name, item] of unit.entries) {
    if (known?.entries.get(name)?.hash !== item.hash) yield { hash: item.hash, kind: 'entry', text: item.body };
  }
  yield { hash: unit.hash, kind: 'unit', text: nodeText(unit.entries) };
}

function* bucketNodes(bucket: BucketNode, known: BucketNode | undefined): Generator<TreeNode> {
  if (bucket.hash === known?.hash) return;
  for (const [name, unit] of bucket.units) yield* unitNodes(unit, known?.units.get(name));
  yield { hash: bucket.hash, kind: 'bucket', text: nodeText(bucket.units) };
}

/** Nodes of `tree` that `known` does not hold at the same place, children before parents: what the store has to write. */
export function* changedNodes(known: Tree | undefined, tree: Tree): Generator<TreeNode> {
  const [before, after] = [known && indexed(known), indexed(tree)];
  if (before?.root === after.root) return;
  for (const [key, bucket] of after.buckets) yield* bucketNodes(bucket, before?.buckets.get(key));
  yield { hash: after.root, kind: 'root', text: nodeText(after.buckets) };
}

/** Every node of a tree, children before parents. */
export function treeNodes(tree: Tree): Generator<TreeNode> {
  return changedNodes(undefined, tree);
}

/** Gives the texts of nodes by hash; a hash that it does not know is left out. */
export type ReadNodes = (hashes: readonly Hash[]) => Promise<ReadonlyMap<Hash, string>>;

/** A tree read from nodes, or the nodes that were missing or did not hash to their name. */
export type ReadTreeResult = { ok: true; tree: Tree } | { ok: false; missing: Hash[]; damaged: Hash[] };

function isPair(value: unknown): value is [string, Hash] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function childrenOf(text: string): [string, Hash][] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value) || !value.every(isPair)) throw new TypeError('a tree node is a list of name and hash');
  return value;
}

interface Level {
  children: [string, Hash][];
  texts: Map<Hash, string>;
  missing: Hash[];
  damaged: Hash[];
}

/** Reads the nodes of one level below their parents, checking every hash. */
export async function readLevel(kind: NodeKind, parents: readonly [string, Hash][], read: ReadNodes): Promise<Level> {
  const hashes = [...new Set(parents.map(([, hash]) => hash))];
  const found = hashes.length === 0 ? new Map<Hash, string>() : await read(hashes);
  const level: Level = { children: [], texts: new Map(), missing: [], damaged: [] };
  for (const hash of hashes) {
    const text = found.get(hash);
    if (text === undefined) level.missing.push(hash);
    else if (!isWellFormed(text) || hashNode(kind, text) !== hash) level.damaged.push(hash);
    else level.texts.set(hash, text);
  }
  if (kind !== 'entry') for (const text of level.texts.values()) level.children.push(...childrenOf(text));
  return level;
}

/** Reads a tree level by level (four reads whatever its size), checking every hash. */
export async function readTree(root: Hash, read: ReadNodes): Promise<ReadTreeResult> {
  let children: [string, Hash][] = [['', root]];
  for (const kind of ['root', 'bucket', 'unit'] as const) {
    const level = await readLevel(kind, children, read);
    if (level.missing.length + level.damaged.length > 0)
      return { ok: false, missing: level.missing, damaged: level.damaged };
    children = level.children;
  }
  const last = await readLevel('entry', children, read);
  if (last.missing.length + last.damaged.length > 0) return { ok: false, missing: last.missing, damaged: last.damaged };
  const entries = children.map(([name, hash]): TreeEntry => ({ name, hash, body: last.texts.get(hash) ?? '' }));
  const tree = buildTree(entries);
  return tree.root === root ? { ok: true, tree } : { ok: false, missing: [], damaged: [root] };
}

/** Hashes of all nodes below roots, and of those of them that could not be read, so that what is below them is not known. */
export interface Reachable {
  hashes: Set<Hash>;
  unread: Set<Hash>;
}

/** Finds every node that the roots lead to, entries included; three reads whatever the size, since entries lead nowhere. */
export async function reachableNodes(roots: readonly Hash[], read: ReadNodes): Promise<Reachable> {
  const found: Reachable = { hashes: new Set(roots), unread: new Set() };
  let children = roots.map((root): [string, Hash] => ['', root]);
  for (const kind of ['root', 'bucket', 'unit'] as const) {
    const level = await readLevel(kind, children, read);
    for (const hash of [...level.missing, ...level.damaged]) found.unread.add(hash);
    for (const [, hash] of level.children) found.hashes.add(hash);
    children = level.children;
  }
  return found;
}
