import { bucketOf } from './content-tree.js';
import { readLevel, type ReadNodes } from './nodes.js';
import type { Hash, TreeEntry } from './types.js';

/** Entries of some units, or the nodes that were missing or did not hash to their name. */
export type ReadUnitsResult =
  { ok: true; entries: TreeEntry[] } | { ok: false; missing: readonly Hash[]; damaged: readonly Hash[] };

/**
 * Reads only some units of a tree (`gns`, `host/<h>`, …), checking every hash on the way: four reads, and the effort of what is
 * asked for whatever the size of the tree. A unit that the tree does not have gives no entries.
 */
export async function readUnits(root: Hash, units: ReadonlySet<string>, read: ReadNodes): Promise<ReadUnitsResult> {
  const buckets = new Set([...units].map(bucketOf));
  const wanted = { root: buckets, bucket: units, unit: undefined };
  let children: [string, Hash][] = [['', root]];
  for (const kind of ['root', 'bucket', 'unit'] as const) {
    const level = await readLevel(kind, children, read);
    if (level.missing.length + level.damaged.length > 0) return { ok: false, ...level };
    children = level.children.filter(([name]) => wanted[kind]?.has(name) ?? true);
  }
  const last = await readLevel('entry', children, read);
  if (last.missing.length + last.damaged.length > 0) return { ok: false, ...last };
  return { ok: true, entries: children.map(([name, hash]) => ({ name, hash, body: last.texts.get(hash) ?? '' })) };
}
