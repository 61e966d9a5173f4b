import { Prisma } from '../generated/client.js';
import type { Context } from '../client/context.js';
import type { AuditInfo, AuditReader, AuditSubject } from '../types/audit.js';
import { auditRecord } from './audit-record.js';
import { changesOf } from './change-links.js';
import { decodeCursor, pageOf, pageOffset, pageSize } from './paging.js';

export function auditReader(context: Context): AuditReader {
  const { db, org } = context;
  return {
    changesOf: (range, page) => changesOf(context, range, page),
    list: async (filter, page) => {
      const first = pageSize(page.first);
      const after = page.after === undefined ? undefined : decodeCursor(page.after, 1)[0];
      const rows = await db.audit.findMany({
        where: {
          orgId: org,
          project: filter.projects === undefined ? undefined : { in: [...filter.projects] },
          actor: filter.actor === undefined ? undefined : { in: [filter.actor].flat() },
          action: filter.action,
          subjectKind: filter.subjectKind,
          subjectId: filter.subjectId,
          AND: [{ seal: filter.seal }, { seal: sealedWhere(filter.sealed) }],
          at: { gte: filter.from, lt: filter.to },
          id: after === undefined ? undefined : { lt: after },
        },
        orderBy: { id: 'desc' },
        skip: pageOffset(page.offset),
        take: first + 1,
      });
      return pageOf(rows, first, { record: auditRecord, cursor: (row) => [row.id] });
    },
  };
}

function sealedWhere(sealed: boolean | undefined): { not: null } | null | undefined {
  if (sealed === undefined) return undefined;
  return sealed ? { not: null } : null;
}

/** Writes one audit row into the transaction of the change. */
export async function writeAudit(context: Context, info: AuditInfo, subject: AuditSubject): Promise<void> {
  const { connection, org, ids } = context;
  const { actor, action, requestId, tokenId, ip } = info;
  const { kind, id, project = '', name = '' } = subject;
  await connection.query(Prisma.sql`
    INSERT INTO audit (org_id, id, actor, action, request_id, token_id, ip, subject_kind, subject_id, project, name, before, after)
    VALUES (${org}, ${ids.uuid()}, ${actor}, ${action}, ${requestId}, ${tokenId}, ${ip}, ${kind}, ${id}, ${project}, ${name},
      ${json(subject.before)}::jsonb, ${json(subject.after)}::jsonb)`);
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
