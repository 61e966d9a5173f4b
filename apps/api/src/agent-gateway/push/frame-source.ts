import { EMPTY_ROOT, EMPTY_TREE, diffTrees, readTree } from '@isthmus/domain';
import type { Tree } from '@isthmus/domain';
import { splitDelta } from '@isthmus/protocol';
import type { Store } from '@isthmus/store';
import { RecentlyUsed } from '../../core/recently-used.js';

/** Serialised parts of the way from one root to another; the same bytes for every agent that goes it. */
export interface FrameSource {
  /** Undefined: the target tree is not in the store (yet). An unknown starting root gives the whole tree. */
  parts(org: string, way: { from: string; to: string }): Promise<readonly string[] | undefined>;
}

const MAX_TREES = 64;
const MAX_WAYS = 256;

/** Reads trees once and serialises each way once, with the newest kept. */
export function createFrameSource(store: Store): FrameSource {
  const trees = new RecentlyUsed<Tree>(MAX_TREES);
  const ways = new RecentlyUsed<readonly string[]>(MAX_WAYS);
  const tree = (org: string, root: string): Promise<Tree | undefined> => {
    if (root === EMPTY_ROOT) return Promise.resolve(EMPTY_TREE);
    return trees.get(`${org}/${root}`, () => loadTree(store, org, root));
  };
  return {
    parts: (org, { from, to }) =>
      ways.get(`${org}/${from}/${to}`, () => serialise({ from: tree(org, from), to: tree(org, to) })),
  };
}

async function loadTree(store: Store, org: string, root: string): Promise<Tree | undefined> {
  const decoder = new TextDecoder();
  const result = await store.withTenant(org, (tx) =>
    readTree(root, async (hashes) => {
      const found = await tx.objects.get(hashes);
      return new Map([...found].map(([hash, { bytes }]) => [hash, decoder.decode(bytes)]));
    }),
  );
  return result.ok ? result.tree : undefined;
}

async function serialise(way: {
  from: Promise<Tree | undefined>;
  to: Promise<Tree | undefined>;
}): Promise<readonly string[] | undefined> {
  const [from, to] = await Promise.all([way.from, way.to]);
  if (to === undefined) return undefined;
  const { put, remove, from: base } = diffTrees(from ?? EMPTY_TREE, to);
  return splitDelta({ from: base, put, remove }).map((part) => JSON.stringify(part));
}
