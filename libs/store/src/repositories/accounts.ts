import type { Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { hasText, rowsOfTable, table } from '../client/table.js';
import { Prisma, type UserAccount } from '../generated/client.js';
import type { AccountClaims, AccountRecord, AccountRepository } from '../types/accounts.js';

/** The table. */
export const ACCOUNTS = table<UserAccount>('user_account', Prisma.UserAccountScalarFieldEnum, {
  dates: { createdAt: true, signedInAt: true, confirmedAt: true, suspendedAt: true, disabledAt: true },
  bigints: {},
});

/** People by id or name, and their groups. */
export function accountReads(context: ReadContext): Pick<AccountRepository, 'get' | 'search' | 'searchGroups'> {
  return {
    get: async (id) => (await rowsOfTable(context, ACCOUNTS, { where: Prisma.sql`id = ${id}` })).map(accountOf)[0],
    search: async ({ text, limit }) => {
      const where = Prisma.sql`(${hasText('name', text)} OR ${hasText("coalesce(email, '')", text)})`;
      return (await rowsOfTable(context, ACCOUNTS, { where, orderBy: 'name, id', limit })).map(accountOf);
    },
    searchGroups: async ({ text, limit }) => {
      const list = Prisma.sql`CASE jsonb_typeof(groups) WHEN 'array' THEN groups ELSE '[]' END`;
      const told = Prisma.sql`SELECT DISTINCT provider || ':' || g.name AS name
        FROM user_account, jsonb_array_elements_text(${list}) AS g(name) WHERE org_id = ${context.org}`;
      const found = Prisma.sql`SELECT name FROM (${told}) AS told WHERE ${hasText('name', text)} ORDER BY name LIMIT ${limit}`;
      return (await context.rows<{ name: string }>(found)).map(({ name }) => name);
    },
  };
}

export function accountRepository(context: Context): AccountRepository {
  const { db, org, clock, ids } = context;
  return {
    ...accountReads(context),
    signIn: async ({ provider, issuer, subject }, claims) => {
      const now = clock.now();
      const said = { ...columns(claims), provider, signedInAt: now, confirmedAt: now };
      const key = { orgId: org, issuer, subject };
      const row = await db.userAccount.upsert({
        where: { orgId_issuer_subject: key },
        create: { ...key, id: ids.uuid(), createdAt: now, ...said },
        update: { ...said, suspendedAt: null, suspendedReason: null },
      });
      return accountOf(row);
    },
    byIds: async (ids) =>
      (await db.userAccount.findMany({ where: { orgId: org, id: { in: [...ids] } } })).map(accountOf),
    find: async (issuer, subject) => {
      const row = await db.userAccount.findFirst({ where: { orgId: org, issuer, subject } });
      return row === null ? undefined : accountOf(row);
    },
    list: async () => (await db.userAccount.findMany({ where: { orgId: org }, orderBy: { id: 'asc' } })).map(accountOf),
    confirm: async ({ id, provider }, claims) => {
      const data = { ...columns(claims), confirmedAt: clock.now() };
      return (await db.userAccount.updateMany({ where: { orgId: org, id, provider }, data })).count === 1;
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

export function accountOf(row: UserAccount): AccountRecord {
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
