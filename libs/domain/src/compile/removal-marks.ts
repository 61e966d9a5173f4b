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

/**
 * The catalog with marks of decided removals: hosts, and whether they have no member left that is wanted or served. The domain of the
 * global namespace, which is never a host itself, stands for every host that stays and for what belongs to none.
 */
export function withRemovalMarks(catalog: Tree, marks: ReadonlyMap<string, boolean>): Tree {
  if (marks.size === 0) return catalog;
  return updateTree(catalog, { put: [...marks].map(([host, isWhole]) => markOf(host, isWhole)) });
}

function readMark(catalog: Tree, host: string): RemovedEntry | undefined {
  const item = catalog.entries.get(nameOf(host));
  const mark = item && parseRemovedEntry(item.body);
  return mark?.ok === true && mark.value.host === host ? mark.value : undefined;
}

/**
 * True if objects of the host, or of no host, may be removed without another decision: the catalog says that all of it was to go, or
 * that a part was (of the host, or throughout the domain), and the host itself is still there. A host that vanished while only a
 * part was decided is a surprise.
 */
export function isDecidedRemoval(catalog: Tree, host: string | undefined, domain: string | undefined): boolean {
  const isWide = domain !== undefined && readMark(catalog, domain) !== undefined;
  if (host === undefined) return isWide;
  const mark = readMark(catalog, host);
  if (mark?.whole === true) return true;
  return (isWide || mark !== undefined) && catalog.entries.has(`host/${host}`);
}
