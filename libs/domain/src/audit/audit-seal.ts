import canonicalize from 'canonicalize';
import { sha256Hex } from '../tree/hash.js';

/** A batch of changes that was closed for good. Hashes are SHA-256 in hex. */
export interface AuditSeal {
  /** From 1, without gaps. */
  seq: number;
  /** Number of changes in it. */
  rows: number;
  /** Over the changes: see `auditRowsHash`. */
  rowsHash: string;
  /** Hash of the seal before it; FIRST_SEAL of the first one. */
  previous: string;
  /** ISO 8601 in UTC with milliseconds. */
  sealedAt: string;
  /** Over `sealText`. */
  hash: string;
  /** Ed25519 over `sealText`, base64. */
  signature: string;
}

/** What the first seal has before it. */
export const FIRST_SEAL = '0'.repeat(64);

/** The text that is hashed and signed: RFC 8785 JSON of what the seal says, and of what it is. */
export function sealText(
  org: string,
  { seq, rows, rowsHash, previous, sealedAt }: Omit<AuditSeal, 'hash' | 'signature'>,
): string {
  return canonicalize({ type: 'isthmus.audit-seal/v1', org, seq, rows, rowsHash, previous, sealedAt }) ?? '';
}

/** The seal that follows another one. `sign` signs a text with Ed25519. */
export function nextSeal(
  org: string,
  last: Pick<AuditSeal, 'seq' | 'hash'> | undefined,
  content: Pick<AuditSeal, 'rows' | 'rowsHash' | 'sealedAt'> & { sign: (text: string) => string },
): AuditSeal {
  const { sign, ...batch } = content;
  const body = { ...batch, seq: (last?.seq ?? 0) + 1, previous: last?.hash ?? FIRST_SEAL };
  const text = sealText(org, body);
  return { ...body, hash: sha256Hex(text), signature: sign(text) };
}
