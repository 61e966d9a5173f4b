import type { Context } from '../client/context.js';
import type { LocalAdmin } from '../generated/client.js';
import type { LocalAdminRecord, LocalAdminRepository } from '../types/local-admins.js';

export function localAdminRepository({ db, org, clock }: Context): LocalAdminRepository {
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
    get: async (name) => {
      const row = await db.localAdmin.findFirst({ where: { ...open(), name } });
      return row === null ? undefined : record(row);
    },
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
    failed: async (network, { limit, windowMs, lockMs }) => {
      const now = clock.now();
      const begun = new Date(now.getTime() - windowMs);
      const until = new Date(now.getTime() + lockMs);
      await db.localFailure.deleteMany({ where: { orgId: org, since: { lt: new Date(begun.getTime() - lockMs) } } });
      const rows = await db.$queryRaw<{ failures: number }[]>`
        INSERT INTO local_failure (org_id, network, failures, since) VALUES (${org}, ${network}, 1, ${now})
        ON CONFLICT (org_id, network) DO UPDATE SET
          failures = CASE WHEN local_failure.since < ${begun} THEN 1 ELSE local_failure.failures + 1 END,
          since = CASE WHEN local_failure.since < ${begun} THEN ${now} ELSE local_failure.since END
        RETURNING failures`;
      const locked = (rows[0]?.failures ?? 0) >= limit;
      if (locked)
        await db.localFailure.updateMany({
          where: { orgId: org, network },
          data: { failures: 0, since: now, lockedUntil: until },
        });
      return { locked };
    },
    succeeded: async (network) => {
      await db.localFailure.deleteMany({ where: { orgId: org, network } });
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
