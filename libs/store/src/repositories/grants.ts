import type { Context } from '../client/context.js';
import { table } from '../client/table.js';
import { Prisma, type UserGrant } from '../generated/client.js';
import type { GrantRecord, GrantRepository } from '../types/accounts.js';

/** The table. */
export const GRANTS = table<UserGrant>('user_grant', Prisma.UserGrantScalarFieldEnum, {
  dates: { createdAt: true, checkedAt: true, dueAt: true },
  bigints: {},
});

export function grantRepository({ db, org, clock, ids }: Context): GrantRepository {
  const list = async (where: Partial<UserGrant>) =>
    (await db.userGrant.findMany({ where: { ...where, orgId: org }, orderBy: { id: 'asc' } })).map(grantOf);
  const byIds = async (ids: readonly string[]) => {
    const where = { orgId: org, id: { in: [...ids] } };
    return (await db.userGrant.findMany({ where, orderBy: { id: 'asc' } })).map(grantOf);
  };
  return {
    create: async ({ providerSession, ...input }) => {
      const now = clock.now();
      const head = { orgId: org, id: ids.uuid(), createdAt: now, checkedAt: now };
      return grantOf(
        await db.userGrant.create({ data: { ...input, ...head, providerSession: providerSession ?? null } }),
      );
    },
    get: async (id) => (await list({ id }))[0],
    byIds,
    ofAccount: (account) => list({ account }),
    ofProviderSession: (provider, providerSession) => list({ provider, providerSession }),
    dueProviders: async () => {
      const rows = await db.$queryRaw<{ provider: string }[]>`
        SELECT DISTINCT provider FROM user_grant WHERE org_id = ${org} AND due_at <= ${clock.now()} ORDER BY provider`;
      return rows.map(({ provider }) => provider);
    },
    takeDue: async ({ provider, limit, until }) => {
      const rows = await db.$queryRaw<{ id: string }[]>`
        UPDATE user_grant SET due_at = ${until} WHERE org_id = ${org} AND id IN (
          SELECT id FROM user_grant WHERE org_id = ${org} AND provider = ${provider} AND due_at <= ${clock.now()}
          ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        RETURNING id`;
      return byIds(rows.map(({ id }) => id));
    },
    checked: async (id, { sealed, dueAt }) => {
      const data = { sealed, dueAt, checkedAt: clock.now(), fault: null };
      await db.userGrant.updateMany({ where: { orgId: org, id }, data });
    },
    unreachable: async (id, data) => {
      await db.userGrant.updateMany({ where: { orgId: org, id }, data });
    },
    hurry: async (account) => {
      await db.userGrant.updateMany({ where: { orgId: org, account }, data: { dueAt: clock.now() } });
    },
    remove: async (id) => {
      await db.userGrant.deleteMany({ where: { orgId: org, id } });
    },
    takeUnused: async (limit) => {
      const now = clock.now();
      const rows = await db.$queryRaw<{ id: string }[]>`
        SELECT g.id FROM user_grant g WHERE g.org_id = ${org} AND NOT EXISTS (
          SELECT 1 FROM user_session s WHERE s.org_id = ${org} AND s.user_grant = g.id AND s.ended_at IS NULL AND s.expires_at > ${now}
            AND s.seen_at + s.idle_ms * interval '1 millisecond' > ${now})
        AND NOT EXISTS (
          SELECT 1 FROM device_login d WHERE d.org_id = ${org} AND d.user_grant = g.id AND d.state = 'APPROVED' AND d.expires_at > ${now})
        ORDER BY g.id LIMIT ${limit} FOR UPDATE OF g SKIP LOCKED`;
      const unused = await byIds(rows.map(({ id }) => id));
      await db.userGrant.deleteMany({ where: { orgId: org, id: { in: unused.map(({ id }) => id) } } });
      return unused;
    },
  };
}

export function grantOf(row: UserGrant): GrantRecord {
  const { id, account, provider, sealed, createdAt, checkedAt, dueAt } = row;
  const optional = { providerSession: row.providerSession ?? undefined, fault: row.fault ?? undefined };
  return { id, account, provider, sealed, createdAt, checkedAt, dueAt, ...optional };
}
