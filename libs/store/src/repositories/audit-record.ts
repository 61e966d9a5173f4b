import type { Audit } from '../generated/client.js';
import type { AuditRecord } from '../types/audit.js';

/** A row as it is told. */
export function auditRecord(row: Omit<Audit, 'orgId'>): AuditRecord {
  return {
    id: row.id,
    at: row.at,
    actor: row.actor,
    action: row.action,
    requestId: row.requestId ?? undefined,
    tokenId: row.tokenId ?? undefined,
    ip: row.ip ?? undefined,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    project: row.project,
    name: row.name,
    before: row.before ?? undefined,
    after: row.after ?? undefined,
    seal: row.seal === null ? undefined : Number(row.seal),
  };
}
