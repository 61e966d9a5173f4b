/** Lower-case hex SHA-256. */
export type Hash = string;

/** A value in the canonical subset of RFC 8785: safe integers, no float, no null, no −0. */
export type Canonical = string | number | boolean | Canonical[] | { [key: string]: Canonical | undefined };

/** One blob of a tree: `body` is the canonical text whose UTF-8 bytes were hashed; it is never re-serialised. */
export interface TreeEntry {
  name: string;
  hash: Hash;
  body: string;
}

/** The three kinds of trees: specs only, inventory only, one cluster's own. */
export type TreeKind = 'policy' | 'catalog' | 'cluster';

/** A complete tree in memory: entries sorted by name, and the root over them (root → 256 buckets → host node → blobs). */
export interface Tree {
  root: Hash;
  entries: ReadonlyMap<string, TreeEntry>;
}

/** What turns one tree into another. A removal is explicit; absence says nothing. */
export interface TreeDelta {
  from: Hash;
  to: Hash;
  put: TreeEntry[];
  remove: string[];
}

/** A pointer of one cluster to one global namespace's tree; (epoch, seq) orders, nothing else does. */
export interface Ref {
  epoch: number;
  seq: number;
  root: Hash;
}
