import type { Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { rowsOfTable, table } from '../client/table.js';
import { type LocalAdmin, Prisma } from '../generated/client.js';
import type { LocalAdminRecord, LocalAdminRepository } from '../types/local-admins.js';

const ADMINS = table<LocalAdmin>('local_admin', Prisma.LocalAdminScalarFieldEnum, {
  dates: { createdAt: true, expiresAt: true, usedAt: true },
  bigints: { totpUsed: true },
});

/** Who may come in by the local door now, by name. */
export function localAdminReads(context: ReadContext): Pick<LocalAdminRepository, 'get'> {
  return {
    get: async (name) => {
      const where = Prisma.sql`name = ${name} AND expires_at > ${context.clock.now()}`;
      return (await rowsOfTable(context, ADMINS, { where })).map(record)[0];
    },
  };
}

export function localAdminRepository(context: Context): LocalAdminRepository {
  const { db, org, clock } = context;
  const open = () => ({ orgId: org, expiresAt: { gt: clock.now() } });
  return {
    put: async ({ name, passwordHash, totpSealed, expiresAt }) => {
      const data = {
        passwordHash,
        totpSealed: totpSealed ?? null,
        totpUsed: null,
        usedAt: null,
        expiresAt,
        createdAt: clock.now(),
      };
      const key = { orgId: org, name };
      await db.localAdmin.upsert({ where: { orgId_name: key }, create: { ...key, ...data }, update: data });
    },
    remove: async (name) => (await db.localAdmin.deleteMany({ where: { orgId: org, name } })).count === 1,
    ...localAdminReads(context),
    list: async () => (await db.localAdmin.findMany({ where: open(), orderBy: { name: 'asc' } })).map(record),
    use: async (name, totpStep) => {
      const isNew = totpStep === undefined ? {} : { OR: [{ totpUsed: null }, { totpUsed: { lt: totpStep } }] };
      const step = totpStep === undefined ? {} : { totpUsed: totpStep };
      const used = await db.localAdmin.updateMany({
        where: { ...open(), name, ...isNew },
        data: { usedAt: clock.now(), ...step },
      });
      return used.count === 1;
    },
    lockedUntil: async (network) => {
      const row = await db.localFailure.findFirst({ where: { orgId: org, network, lockedUntil: { gt: clock.now() } } });
      return row?.lockedUntil ?? undefined;
    },
    failed: async (network, rule) => {
      const now = clock.now();
      const begun = new Date(now.getTime() - rule.windowMs);
      const forgotten = new Date(now.getTime() - rule.forgetMs);
      await db.localFailure.deleteMany({ where: { orgId: org, since: { lt: forgotten } } });
      const rows = await db.$queryRaw<{ failures: number; lockouts: number }[]>`
        INSERT INTO local_failure (org_id, network, failures, since) VALUES (${org}, ${network}, 1, ${now})
        ON CONFLICT (org_id, network) DO UPDATE SET
          failures = CASE WHEN local_failure.since < ${begun} THEN 1 ELSE local_failure.failures + 1 END,
          since = CASE WHEN local_failure.since < ${begun} THEN ${now} ELSE local_failure.since END
        RETURNING failures, lockouts`;
      const { failures = 0, lockouts = 0 } = rows[0] ?? {};
      if (failures < rule.limit) return { lockedUntil: undefined };
      const lockedUntil = new Date(now.getTime() + Math.min(rule.firstMs * 2 ** lockouts, rule.longestMs));
      const data = { failures: 0, since: now, lockedUntil, lockouts: lockouts + 1 };
      await db.localFailure.updateMany({ where: { orgId: org, network }, data });
      return { lockedUntil };
    },
    succeeded: async (network) => {
      await db.localFailure.deleteMany({ where: { orgId: org, network } });
    },
    forgive: async () => {
      await db.localFailure.deleteMany({ where: { orgId: org } });
    },
  };
}

function record(row: LocalAdmin): LocalAdminRecord {
  const { name, passwordHash, createdAt, expiresAt } = row;
  return {
    name,
    passwordHash,
    createdAt,
    expiresAt,
    totpSealed: row.totpSealed ?? undefined,
    usedAt: row.usedAt ?? undefined,
  };
}
