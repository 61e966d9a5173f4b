import { parseMemberEntry } from '../intent/parse-entry.js';
import { updateTree } from '../tree/build.js';
import { entry } from '../tree/entry.js';
import type { Tree } from '../tree/types.js';
import { canonicalBody } from './canonical-body.js';

/** The catalog as if every owner had acknowledged: rendering without a server has nobody to ask, and says so. */
export function assumeServed(catalog: Tree): Tree {
  const put = [...catalog.entries.values()].flatMap((item) => {
    if (!item.name.includes('/member/')) return [];
    const member = parseMemberEntry(item.body);
    if (!member.ok || member.value.state !== 'wanted') return [];
    return [entry(item.name, canonicalBody({ ...member.value, state: 'served' }))];
  });
  return updateTree(catalog, { put });
}
