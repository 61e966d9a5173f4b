import canonicalize from 'canonicalize';
import { byCodeUnit } from '../tree/canonical.js';
import { sha256Hex } from '../tree/hash.js';

/** One change as it is sealed and exported. Times are ISO 8601 in UTC with milliseconds; null is the same as absent. */
export interface AuditRow {
  /** Grows with time. */
  id: string;
  at: string;
  actor: string;
  action: string;
  subjectKind: string;
  subjectId: string;
  project: string;
  name: string;
  before?: unknown;
  after?: unknown;
  requestId?: string | null;
  tokenId?: string | null;
  ip?: string | null;
}

/** SHA-256 in hex of the row in the JSON Canonicalization Scheme (RFC 8785), without fields that are null or not its own. */
export function auditRowHash(row: AuditRow): string {
  const { id, at, actor, action, subjectKind, subjectId, project, name, before, after, requestId, tokenId, ip } = row;
  const fields = {
    id,
    at,
    actor,
    action,
    subjectKind,
    subjectId,
    project,
    name,
    before,
    after,
    requestId,
    tokenId,
    ip,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return sha256Hex(canonicalize(Object.fromEntries(given)) ?? '');
}

/** SHA-256 in hex over the hashes of the rows, one a line, in the order of their ids. */
export function auditRowsHash(rows: readonly AuditRow[]): string {
  const sorted = rows.toSorted((a, b) => byCodeUnit(a.id, b.id));
  return sha256Hex(sorted.map((row) => `${auditRowHash(row)}\n`).join(''));
}
