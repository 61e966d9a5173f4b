import type { Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf, rowsOfTable, table } from '../client/table.js';
import { type EnrolmentToken, Prisma } from '../generated/client.js';
import type { EnrolmentRecord, EnrolmentRepository } from '../types/identity.js';

const ENROLMENTS = table<EnrolmentToken>('enrolment_token', Prisma.EnrolmentTokenScalarFieldEnum, {
  dates: { expiresAt: true, usedAt: true, createdAt: true },
  bigints: {},
});

/** The newest token of each cluster. */
export function enrolmentReads(context: ReadContext): Pick<EnrolmentRepository, 'newest'> {
  return {
    newest: async (clusters) => {
      const choice = { where: isOneOf('cluster', clusters), distinctOn: 'cluster', orderBy: 'cluster, id DESC' };
      return (await rowsOfTable(context, ENROLMENTS, choice)).map(record);
    },
  };
}

export function enrolmentRepository(context: Context): EnrolmentRepository {
  const { db, org, clock, ids } = context;
  return {
    create: async ({ cluster, secretHash, expiresAt, renews = false }) => {
      const data = { orgId: org, id: ids.uuid(), cluster, secretHash, expiresAt, renews, createdAt: clock.now() };
      return record(await db.enrolmentToken.create({ data }));
    },
    consume: async (secretHash) => {
      const now = clock.now();
      const rows = await db.$queryRaw<{ id: string; cluster: string; renews: boolean }[]>`
        UPDATE enrolment_token SET used_at = ${now}
        WHERE org_id = ${org} AND secret_hash = ${secretHash} AND used_at IS NULL AND expires_at > ${now}
        RETURNING id, cluster, renews`;
      const used = rows[0];
      if (used !== undefined) return { outcome: 'ok', ...used };
      const row = await db.enrolmentToken.findFirst({ where: { orgId: org, secretHash } });
      if (row === null) return { outcome: 'unknown' };
      if (row.usedAt !== null) return { outcome: 'used', cluster: row.cluster, usedAt: row.usedAt, renews: row.renews };
      return { outcome: 'expired', cluster: row.cluster, expiredAt: row.expiresAt };
    },
    list: async (cluster) =>
      (await db.enrolmentToken.findMany({ where: { orgId: org, cluster }, orderBy: { id: 'desc' } })).map(record),
    ...enrolmentReads(context),
    clusterOf: async (secretHash) =>
      (await db.enrolmentToken.findFirst({ where: { orgId: org, secretHash }, select: { cluster: true } }))?.cluster,
  };
}

function record(row: EnrolmentToken): EnrolmentRecord {
  const { id, cluster, expiresAt, createdAt, renews } = row;
  return { id, cluster, expiresAt, usedAt: row.usedAt ?? undefined, createdAt, renews };
}
