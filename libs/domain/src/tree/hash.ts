import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Hash } from './types.js';

const DOMAIN_TAG = 'isthmus.tree';
const VERSION = 1;

/** What a hashed text is; part of the hash, so that a node can never pass for an entry. */
export type NodeKind = 'entry' | 'unit' | 'bucket' | 'root';

const PREFIX: Record<NodeKind, string> = {
  entry: `${DOMAIN_TAG}\nentry\n${VERSION}\n`,
  unit: `${DOMAIN_TAG}\nunit\n${VERSION}\n`,
  bucket: `${DOMAIN_TAG}\nbucket\n${VERSION}\n`,
  root: `${DOMAIN_TAG}\nroot\n${VERSION}\n`,
};

/** SHA-256 over (domain tag, kind, version, stored text as UTF-8), in lower-case hex. */
export function hashNode(kind: NodeKind, text: string): Hash {
  return bytesToHex(sha256(utf8ToBytes(PREFIX[kind] + text)));
}

/** Plain SHA-256 of a text as UTF-8, in lower-case hex. */
export function sha256Hex(text: string): Hash {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
