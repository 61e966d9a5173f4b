import { Prisma } from '../generated/client.js';
import type { Context } from '../client/context.js';
import type { AuditInfo, AuditReader, AuditSubject } from '../types/audit.js';
import { auditRecord } from './audit-record.js';
import { changesOf } from './change-links.js';
import { decodeCursor, pageOf, pageSize } from './paging.js';

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
          actor: filter.actor,
          action: filter.action,
          subjectKind: filter.subjectKind,
          subjectId: filter.subjectId,
          AND: [{ seal: filter.seal }, { seal: sealedWhere(filter.sealed) }],
          at: { gte: filter.from, lt: filter.to },
          id: after === undefined ? undefined : { lt: after },
        },
        orderBy: { id: 'desc' },
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
export async function writeAudit({ db, org, ids }: Context, info: AuditInfo, subject: AuditSubject): Promise<void> {
  await db.audit.create({
    data: {
      orgId: org,
      id: ids.uuid(),
      actor: info.actor,
      action: info.action,
      requestId: info.requestId,
      tokenId: info.tokenId,
      ip: info.ip,
      subjectKind: subject.kind,
      subjectId: subject.id,
      project: subject.project ?? '',
      name: subject.name ?? '',
      before: json(subject.before),
      after: json(subject.after),
    },
    select: { id: true },
  });
}

function json(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === undefined ? Prisma.DbNull : (JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue);
}
