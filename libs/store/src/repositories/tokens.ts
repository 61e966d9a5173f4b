import type { Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { hasText, rowsOfTable, table } from '../client/table.js';
import { type ApiToken, Prisma } from '../generated/client.js';
import type { TokenOwnerKind, TokenRecord, TokenRepository, TokenScopeKind } from '../types/tokens.js';

const USE_NOTED_EVERY_MS = 60_000;

/** API tokens by id or name. */
export function tokenReads(context: ReadContext): Pick<TokenRepository, 'get' | 'search'> {
  return {
    get: async (id) => (await rowsOfTable(context, TOKENS, { where: Prisma.sql`id = ${id}` })).map(record)[0],
    search: async ({ text, limit }) => {
      const isLive = Prisma.sql`revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${context.clock.now()})`;
      const where = Prisma.sql`${hasText('name', text)} AND ${isLive}`;
      return (await rowsOfTable(context, TOKENS, { where, orderBy: 'name, id', limit })).map(record);
    },
  };
}

export function tokenRepository(context: Context): TokenRepository {
  const { db, org, clock, ids } = context;
  const revokeWhere = async (isIt: Prisma.Sql): Promise<TokenRecord[]> => {
    const rows = await db.$queryRaw<{ id: string }[]>`
      WITH RECURSIVE gone AS (
        SELECT id FROM api_token WHERE org_id = ${org} AND ${isIt}
        UNION SELECT made.id FROM api_token made JOIN gone ON made.org_id = ${org} AND made.parent = gone.id)
      UPDATE api_token SET revoked_at = ${clock.now()}
      WHERE org_id = ${org} AND revoked_at IS NULL AND id IN (SELECT id FROM gone) RETURNING id`;
    const where = { orgId: org, id: { in: rows.map(({ id }) => id) } };
    return (await db.apiToken.findMany({ where, orderBy: { id: 'asc' } })).map(record);
  };
  return {
    ...tokenReads(context),
    create: async (input) => {
      const data = { ...input, orgId: org, id: ids.uuid(), createdAt: clock.now() };
      return record(await db.apiToken.create({ data }));
    },
    isLive: async (hash) => {
      const row = await db.apiToken.findFirst({ where: { orgId: org, hash } });
      return liveToken(row ?? undefined, clock.now()) !== undefined;
    },
    noteUse: async (id) => {
      await db.apiToken.updateMany({ where: { orgId: org, id }, data: { lastUsedAt: clock.now() } });
    },
    list: async () => (await db.apiToken.findMany({ where: { orgId: org }, orderBy: { id: 'asc' } })).map(record),
    byIds: async (ids) => (await db.apiToken.findMany({ where: { orgId: org, id: { in: [...ids] } } })).map(record),
    revoke: (id) => revokeWhere(Prisma.sql`id = ${id}`),
    revokeOf: (ownerKind, owner) => revokeWhere(Prisma.sql`owner_kind = ${ownerKind} AND owner = ${owner}`),
    revokeAt: ({ kind, name }) => revokeWhere(Prisma.sql`scope_kind = ${kind} AND scope = ${name}`),
  };
}

/** API tokens by the hash of their secret; of those that are not live there is no record. */
export const TOKENS = table<ApiToken>('api_token', Prisma.ApiTokenScalarFieldEnum, {
  dates: { createdAt: true, expiresAt: true, lastUsedAt: true, revokedAt: true },
  bigints: {},
});

/** The token of a row with whether its use is to be noted; undefined of one that is revoked or expired. */
export function liveToken(row: ApiToken | undefined, now: Date): { token: TokenRecord; isUseDue: boolean } | undefined {
  if (row?.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now)) return undefined;
  const isUseDue = row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() >= USE_NOTED_EVERY_MS;
  return { token: record(row), isUseDue };
}

function record(row: ApiToken): TokenRecord {
  const { id, prefix, name, role, owner, scope, createdBy, createdAt } = row;
  const optional = { expiresAt: row.expiresAt ?? undefined, lastUsedAt: row.lastUsedAt ?? undefined };
  const [ownerKind, scopeKind] = [row.ownerKind as TokenOwnerKind, row.scopeKind as TokenScopeKind]; // constraints of the table
  const whose = { ownerKind, owner, scopeKind, scope, createdBy, parent: row.parent ?? undefined };
  return { id, prefix, name, role, ...whose, createdAt, ...optional, revokedAt: row.revokedAt ?? undefined };
}
