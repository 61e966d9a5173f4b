import type { Context } from '../client/context.js';
import type { AuditSeal } from '../generated/client.js';
import type { AuditSealRecord, AuditSealRepository } from '../types/audit.js';
import { auditRecord } from './audit-record.js';
import { decodeCursor, pageOf, pageOffset, pageSize } from './paging.js';

const NUMBER = /^\d{1,15}$/;

export function auditSealRepository({ db, org }: Context): AuditSealRepository {
  return {
    list: async (page) => {
      const first = pageSize(page.first);
      const [after = '0'] = page.after === undefined ? [] : decodeCursor(page.after, 1);
      const rows = await db.auditSeal.findMany({
        where: { orgId: org, seq: { gt: NUMBER.test(after) ? BigInt(after) : 0n } },
        orderBy: { seq: 'asc' },
        skip: pageOffset(page.offset),
        take: first + 1,
      });
      return pageOf(rows, first, { record, cursor: ({ seq }) => [seq.toString()] });
    },
    last: async () => {
      const row = await db.auditSeal.findFirst({ where: { orgId: org }, orderBy: { seq: 'desc' } });
      return row === null ? undefined : record(row);
    },
    unsealed: async (limit) => {
      const rows = await db.audit.findMany({
        where: { orgId: org, seal: null },
        orderBy: { id: 'asc' },
        take: limit,
      });
      return rows.map(auditRecord);
    },
    put: async (seal, ids) => {
      const seq = BigInt(seal.seq);
      await db.auditSeal.create({ data: { orgId: org, ...seal, seq }, select: { seq: true } });
      const { count } = await db.audit.updateMany({
        where: { orgId: org, id: { in: [...ids] }, seal: null },
        data: { seal: seq },
      });
      if (count !== ids.length) throw new Error(`${ids.length - count} of the changes are sealed already`);
    },
  };
}

function record({ orgId: _orgId, seq, ...rest }: AuditSeal): AuditSealRecord {
  return { ...rest, seq: Number(seq) };
}
