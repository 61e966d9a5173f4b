import type { MemberState } from '../intent/entries.js';
import { parseMemberEntry } from '../intent/parse-entry.js';
import { updateTree } from '../tree/build.js';
import { entry, hostOf } from '../tree/entry.js';
import type { Tree, TreeEntry } from '../tree/types.js';
import { canonicalBody } from './canonical-body.js';
import type { MemberStates } from './catalog-memo.js';

function withState(item: TreeEntry, state: MemberState): TreeEntry {
  const member = parseMemberEntry(item.body);
  return member.ok ? entry(item.name, canonicalBody({ ...member.value, state })) : item;
}

/**
 * The catalog of a global namespace that no longer has a spec: nothing is resolved any more, its members only change state
 * until they are gone, and each host goes with its last member.
 */
export function drainCatalog(previous: Tree, states: MemberStates): Tree {
  const put: TreeEntry[] = [];
  const hosts = new Map<string, string[]>();
  const alive = new Set<string>();
  for (const item of previous.entries.values()) {
    const host = hostOf(item.name);
    if (host === undefined) continue;
    const state = states.get(item.name);
    if (state === undefined) hosts.set(host, [...(hosts.get(host) ?? []), item.name]);
    else {
      alive.add(host);
      put.push(withState(item, state));
    }
  }
  const remove = [...hosts].flatMap(([host, names]) =>
    names.filter((name) => !alive.has(host) || name !== `host/${host}`),
  );
  return updateTree(previous, { put, remove });
}
