import { canonicalJson, isWellFormed } from './canonical.js';
import { hashNode } from './hash.js';
import type { Canonical, TreeEntry } from './types.js';

/** The longest name of an entry, in UTF-16 code units. */
export const MAX_ENTRY_NAME = 1024;

const UNSAFE = /[\u0000-\u0020\u007f]/;

/** Entry of a tree: the body in canonical form, and its hash. */
export function entry(name: string, body: Canonical): TreeEntry {
  const text = canonicalJson(body);
  return { name, hash: hashNode('entry', text), body: text };
}

/** True if the body is well-formed and hashes to what the entry says; the bytes received are hashed, never re-serialised. */
export function isIntact(candidate: TreeEntry): boolean {
  return isWellFormed(candidate.body) && hashNode('entry', candidate.body) === candidate.hash;
}

/** True if a tree may hold an entry of this name. */
export function isEntryName(name: string): boolean {
  return name.length > 0 && name.length <= MAX_ENTRY_NAME && !UNSAFE.test(name) && isWellFormed(name);
}

/**
 * The unit of an entry, which is what an agent renders at a time: `host/<h>` and all below it, `cluster/<name>`,
 * `group/<hash>`, and `gns` with all of its policies.
 */
export function unitOf(name: string): string {
  const first = name.indexOf('/');
  if (first === -1 || name.startsWith('gns/')) return first === -1 ? name : 'gns';
  const second = name.indexOf('/', first + 1);
  return second === -1 ? name : name.slice(0, second);
}

/** The host of an entry's name, or undefined if it belongs to the whole global namespace. */
export function hostOf(name: string): string | undefined {
  if (!name.startsWith('host/')) return undefined;
  return unitOf(name).slice('host/'.length);
}
