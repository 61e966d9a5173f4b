import type { Context } from '../client/context.js';
import type { UserAccount } from '../generated/client.js';
import type { AccountClaims, AccountRecord, AccountRepository } from '../types/accounts.js';

export function accountRepository({ db, org, clock, ids }: Context): AccountRepository {
  const one = async (where: { id: string } | { issuer: string; subject: string }) => {
    const row = await db.userAccount.findFirst({ where: { orgId: org, ...where } });
    return row === null ? undefined : record(row);
  };
  return {
    signIn: async ({ provider, issuer, subject }, claims) => {
      const now = clock.now();
      const said = { ...columns(claims), provider, signedInAt: now, confirmedAt: now };
      const key = { orgId: org, issuer, subject };
      const row = await db.userAccount.upsert({
        where: { orgId_issuer_subject: key },
        create: { ...key, id: ids.uuid(), createdAt: now, ...said },
        update: { ...said, suspendedAt: null, suspendedReason: null },
      });
      return record(row);
    },
    get: (id) => one({ id }),
    byIds: async (ids) => (await db.userAccount.findMany({ where: { orgId: org, id: { in: [...ids] } } })).map(record),
    find: (issuer, subject) => one({ issuer, subject }),
    list: async () => (await db.userAccount.findMany({ where: { orgId: org }, orderBy: { id: 'asc' } })).map(record),
    confirm: async (id, claims) => {
      const data = { ...columns(claims), confirmedAt: clock.now() };
      await db.userAccount.updateMany({ where: { orgId: org, id }, data });
    },
    suspend: async (id, suspendedReason) => {
      const where = { orgId: org, id, suspendedAt: null };
      const changed = await db.userAccount.updateMany({ where, data: { suspendedAt: clock.now(), suspendedReason } });
      return changed.count === 1;
    },
    disable: async (id, disabledBy) => {
      const where = { orgId: org, id, disabledAt: null };
      return (await db.userAccount.updateMany({ where, data: { disabledAt: clock.now(), disabledBy } })).count === 1;
    },
    enable: async (id) => {
      const where = { orgId: org, id, disabledAt: { not: null } };
      return (await db.userAccount.updateMany({ where, data: { disabledAt: null, disabledBy: null } })).count === 1;
    },
  };
}

function columns({ name, email, groups }: AccountClaims) {
  return { name, email: email ?? null, groups: [...groups] };
}

function record(row: UserAccount): AccountRecord {
  const { id, provider, issuer, subject, name, createdAt, signedInAt, confirmedAt } = row;
  return {
    ...{ id, provider, issuer, subject, name, createdAt, signedInAt, confirmedAt },
    email: row.email ?? undefined,
    groups: Array.isArray(row.groups) ? row.groups.filter((group) => typeof group === 'string') : [],
    suspendedAt: row.suspendedAt ?? undefined,
    suspendedReason: row.suspendedReason ?? undefined,
    disabledAt: row.disabledAt ?? undefined,
    disabledBy: row.disabledBy ?? undefined,
  };
}
