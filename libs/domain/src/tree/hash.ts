import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
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
  return sha256Hex(PREFIX[kind] + text);
}

/*
 * Trees hash tens of thousands of short texts at once, so the hasher and its buffers are made once. Nothing here awaits, so no
 * two texts can meet in them. A text put together at once takes a tenth of the memory of one that grew piece by piece.
 */
const MAX_SHORT = 4_096;
const input = new Uint8Array(MAX_SHORT);
const output = new Uint8Array(32);
const start = sha256.create();
const hasher = sha256.create();
const digits = new Array<number>(64).fill(0);
const DIGITS = [...'0123456789abcdef'].map((digit) => digit.charCodeAt(0));

/** The UTF-8 bytes of a text: short ASCII ones in the shared buffer. */
function bytesOf(text: string): Uint8Array {
  const { length } = text;
  if (length > MAX_SHORT) return utf8ToBytes(text);
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return utf8ToBytes(text);
    input[at] = code;
  }
  return input.subarray(0, length);
}

/** Plain SHA-256 of a text as UTF-8, in lower-case hex. */
export function sha256Hex(text: string): Hash {
  start._cloneInto(hasher);
  hasher.update(bytesOf(text)).digestInto(output);
  for (let at = 0; at < 32; at += 1) {
    const byte = output[at] ?? 0;
    digits[2 * at] = DIGITS[byte >> 4] ?? 0;
    digits[2 * at + 1] = DIGITS[byte & 15] ?? 0;
  }
  return String.fromCharCode(...digits);
}
