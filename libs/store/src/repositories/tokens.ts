import type { Context } from '../client/context.js';
import type { ApiToken } from '../generated/client.js';
import type { TokenOwnerKind, TokenRecord, TokenRepository, TokenScopeKind } from '../types/tokens.js';

const USE_NOTED_EVERY_MS = 60_000;

export function tokenRepository({ db, org, clock, ids }: Context): TokenRepository {
  return {
    create: async (input) => {
      const data = { ...input, orgId: org, id: ids.uuid(), createdAt: clock.now() };
      return record(await db.apiToken.create({ data }));
    },
    authenticate: async (hash, touch = true) => {
      const row = await db.apiToken.findFirst({ where: { orgId: org, hash } });
      const now = clock.now();
      if (row?.revokedAt !== null || isPast(row.expiresAt, now)) return undefined;
      const isDue = row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() >= USE_NOTED_EVERY_MS;
      if (touch && isDue)
        await db.apiToken.updateMany({ where: { orgId: org, id: row.id }, data: { lastUsedAt: now } });
      return record(row);
    },
    list: async () => (await db.apiToken.findMany({ where: { orgId: org }, orderBy: { id: 'asc' } })).map(record),
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
  };
}

function isPast(at: Date | null, now: Date): boolean {
  return at !== null && at <= now;
}

function record(row: ApiToken): TokenRecord {
  const { id, prefix, name, role, owner, scope, createdBy, createdAt } = row;
  const optional = { expiresAt: row.expiresAt ?? undefined, lastUsedAt: row.lastUsedAt ?? undefined };
  const [ownerKind, scopeKind] = [row.ownerKind as TokenOwnerKind, row.scopeKind as TokenScopeKind]; // constraints of the table
  const whose = { ownerKind, owner, scopeKind, scope, createdBy };
  return { id, prefix, name, role, ...whose, createdAt, ...optional, revokedAt: row.revokedAt ?? undefined };
}
