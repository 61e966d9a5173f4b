import type { Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { hasText, rowsOfTable, table } from '../client/table.js';
import { type ApiToken, Prisma } from '../generated/client.js';
import type { TokenOwnerKind, TokenRecord, TokenRepository, TokenScopeKind } from '../types/tokens.js';

const USE_NOTED_EVERY_MS = 60_000;

/** API tokens by name. */
export function tokenReads(context: ReadContext): Pick<TokenRepository, 'search'> {
  return {
    search: async ({ text, limit }) => {
      const isLive = Prisma.sql`revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${context.clock.now()})`;
      const where = Prisma.sql`${hasText('name', text)} AND ${isLive}`;
      return (await rowsOfTable(context, TOKENS, { where, orderBy: 'name, id', limit })).map(record);
    },
  };
}

export function tokenRepository(context: Context): TokenRepository {
  const { db, org, clock, ids } = context;
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
    revoke: async (id) => {
      const gone = await db.apiToken.updateMany({
        where: { orgId: org, id, revokedAt: null },
        data: { revokedAt: clock.now() },
      });
      return gone.count === 1;
    },
    revokeOf: async (ownerKind, owner) => {
      const where = { orgId: org, ownerKind, owner, revokedAt: null };
      return (await db.apiToken.updateManyAndReturn({ where, data: { revokedAt: clock.now() } })).map(record);
    },
    revokeAt: async ({ kind, name }) => {
      const where = { orgId: org, scopeKind: kind, scope: name, revokedAt: null };
      return (await db.apiToken.updateManyAndReturn({ where, data: { revokedAt: clock.now() } })).map(record);
    },
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
  const whose = { ownerKind, owner, scopeKind, scope, createdBy };
  return { id, prefix, name, role, ...whose, createdAt, ...optional, revokedAt: row.revokedAt ?? undefined };
}
