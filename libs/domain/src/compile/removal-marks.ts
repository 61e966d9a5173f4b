import type { RemovedEntry } from '../intent/entries.js';
import { parseRemovedEntry } from '../intent/parse-entry.js';
import { updateTree } from '../tree/build.js';
import { entry } from '../tree/entry.js';
import type { Tree, TreeEntry } from '../tree/types.js';
import { canonicalBody } from './canonical-body.js';

const nameOf = (host: string): string => `host/${host}/removed`;

function markOf(host: string, isWhole: boolean): TreeEntry {
  const body: RemovedEntry = { kind: 'removed', host, ...(isWhole ? { whole: true } : {}) };
  return entry(nameOf(host), canonicalBody(body));
}

/** The catalog with marks of decided removals: hosts, and whether they have no member left that is wanted or served. */
export function withRemovalMarks(catalog: Tree, marks: ReadonlyMap<string, boolean>): Tree {
  if (marks.size === 0) return catalog;
  return updateTree(catalog, { put: [...marks].map(([host, isWhole]) => markOf(host, isWhole)) });
}

/**
 * True if objects of the host may be removed without another decision: the catalog says that all of it was to go, or that a
 * part was, and the host itself is still there. A host that vanished while only a part was decided is a surprise.
 */
export function isDecidedRemoval(catalog: Tree, host: string): boolean {
  const item = catalog.entries.get(nameOf(host));
  const mark = item && parseRemovedEntry(item.body);
  if (mark?.ok !== true || mark.value.host !== host) return false;
  return mark.value.whole === true || catalog.entries.has(`host/${host}`);
}
