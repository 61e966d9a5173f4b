import { byCodeUnit, canonicalJson } from './canonical.js';
import { unitOf } from './entry.js';
import { hashNode, sha256Hex } from './hash.js';
import type { Hash, Tree, TreeEntry } from './types.js';

/**
 * Shape of a tree: root → up to 256 buckets (by hash of the unit's name) → units (a host with all below it) → entries.
 * Nodes are immutable and shared between trees, so a change costs one path, whatever the number of hosts.
 */
export interface UnitNode {
  readonly hash: Hash;
  readonly entries: ReadonlyMap<string, TreeEntry>;
}

/** The units of one bucket by name. */
export interface BucketNode {
  readonly hash: Hash;
  readonly units: ReadonlyMap<string, UnitNode>;
}

/** Text of a node over its children: sorted pairs of name and hash. */
export function nodeText(children: Iterable<readonly [string, { readonly hash: Hash }]>): string {
  const pairs = [...children].sort((a, b) => byCodeUnit(a[0], b[0]));
  return `[${pairs.map(([name, { hash }]) => `[${canonicalJson(name)},${canonicalJson(hash)}]`).join(',')}]`;
}

/** Key of the bucket that holds a unit: two lower-case hex digits. */
export function bucketOf(unit: string): string {
  return sha256Hex(unit).slice(0, 2);
}

function unitNode(entries: ReadonlyMap<string, TreeEntry>): UnitNode {
  return { entries, hash: hashNode('unit', nodeText(entries)) };
}

function bucketNode(units: ReadonlyMap<string, UnitNode>): BucketNode {
  return { units, hash: hashNode('bucket', nodeText(units)) };
}

const sizes = new WeakMap<BucketNode, number>();

/** Number of entries in a bucket; counted once. */
function sizeOf(bucket: BucketNode): number {
  const known = sizes.get(bucket);
  if (known !== undefined) return known;
  let size = 0;
  for (const unit of bucket.units.values()) size += unit.entries.size;
  sizes.set(bucket, size);
  return size;
}

/** Entries of a tree as a map; reading one costs a hash, walking all sorts them by name once. */
class TreeEntries implements ReadonlyMap<string, TreeEntry> {
  readonly size: number;
  #sorted: Map<string, TreeEntry> | undefined;

  constructor(private readonly buckets: ReadonlyMap<string, BucketNode>) {
    let size = 0;
    for (const bucket of buckets.values()) size += sizeOf(bucket);
    this.size = size;
  }

  get(name: string): TreeEntry | undefined {
    const unit = unitOf(name);
    return this.buckets.get(bucketOf(unit))?.units.get(unit)?.entries.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  forEach(visit: (value: TreeEntry, key: string, map: ReadonlyMap<string, TreeEntry>) => void): void {
    for (const [name, value] of this.sorted()) visit(value, name, this);
  }

  keys(): MapIterator<string> {
    return this.sorted().keys();
  }

  values(): MapIterator<TreeEntry> {
    return this.sorted().values();
  }

  entries(): MapIterator<[string, TreeEntry]> {
    return this.sorted().entries();
  }

  [Symbol.iterator](): MapIterator<[string, TreeEntry]> {
    return this.entries();
  }

  private sorted(): Map<string, TreeEntry> {
    if (this.#sorted === undefined) {
      const all: [string, TreeEntry][] = [];
      for (const bucket of this.buckets.values()) for (const unit of bucket.units.values()) all.push(...unit.entries);
      this.#sorted = new Map(all.sort((a, b) => byCodeUnit(a[0], b[0])));
    }
    return this.#sorted;
  }
}

/** A tree with its nodes. Immutable; `withChanges` gives the next one. */
export class ContentTree implements Tree {
  readonly root: Hash;
  readonly entries: ReadonlyMap<string, TreeEntry>;

  constructor(readonly buckets: ReadonlyMap<string, BucketNode>) {
    this.root = hashNode('root', nodeText(buckets));
    this.entries = new TreeEntries(buckets);
  }

  /** The tree with these entries put (an undefined value removes); only touched paths are hashed again. */
  withChanges(changes: ReadonlyMap<string, TreeEntry | undefined>): ContentTree {
    if (changes.size === 0) return this;
    const buckets = new Map(this.buckets);
    for (const [key, units] of groupByBucket(changes)) {
      const next = changedBucket(buckets.get(key), units);
      if (next === undefined) buckets.delete(key);
      else buckets.set(key, next);
    }
    return new ContentTree(buckets);
  }
}

type EntryChanges = Map<string, TreeEntry | undefined>;

function groupByBucket(changes: ReadonlyMap<string, TreeEntry | undefined>): Map<string, Map<string, EntryChanges>> {
  const units = new Map<string, EntryChanges>();
  for (const [name, value] of changes) {
    const unit = unitOf(name);
    const group = units.get(unit) ?? new Map<string, TreeEntry | undefined>();
    units.set(unit, group.set(name, value));
  }
  const buckets = new Map<string, Map<string, EntryChanges>>();
  for (const [unit, group] of units) {
    const key = bucketOf(unit);
    const bucket = buckets.get(key) ?? new Map<string, EntryChanges>();
    buckets.set(key, bucket.set(unit, group));
  }
  return buckets;
}

function changedBucket(bucket: BucketNode | undefined, changes: Map<string, EntryChanges>): BucketNode | undefined {
  const units = new Map(bucket?.units);
  for (const [name, group] of changes) {
    const next = changedUnit(units.get(name), group);
    if (next === undefined) units.delete(name);
    else units.set(name, next);
  }
  return units.size === 0 ? undefined : bucketNode(units);
}

function changedUnit(unit: UnitNode | undefined, changes: EntryChanges): UnitNode | undefined {
  const entries = new Map(unit?.entries);
  for (const [name, value] of changes) {
    if (value === undefined) entries.delete(name);
    else entries.set(name, value);
  }
  return entries.size === 0 ? undefined : unitNode(entries);
}
