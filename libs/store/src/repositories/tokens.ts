import type { Context } from '../client/context.js';
import type { ApiToken } from '../generated/client.js';
import type { TokenRecord, TokenRepository } from '../types/tokens.js';

const USE_NOTED_EVERY_MS = 60_000;

export function tokenRepository({ db, org, clock, ids }: Context): TokenRepository {
  return {
    create: async ({ prefix, hash, name, role, expiresAt }) => {
      const data = { orgId: org, id: ids.uuid(), prefix, hash, name, role, expiresAt, createdAt: clock.now() };
      return record(await db.apiToken.create({ data }));
    },
    authenticate: async (hash) => {
      const row = await db.apiToken.findFirst({ where: { orgId: org, hash } });
      const now = clock.now();
      if (row?.revokedAt !== null || isPast(row.expiresAt, now)) return undefined;
      if (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() >= USE_NOTED_EVERY_MS) {
        await db.apiToken.updateMany({ where: { orgId: org, id: row.id }, data: { lastUsedAt: now } });
      }
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
  };
}

function isPast(at: Date | null, now: Date): boolean {
  return at !== null && at <= now;
}

function record(row: ApiToken): TokenRecord {
  const { id, prefix, name, role, createdAt } = row;
  const optional = { expiresAt: row.expiresAt ?? undefined, lastUsedAt: row.lastUsedAt ?? undefined };
  return { id, prefix, name, role, createdAt, ...optional, revokedAt: row.revokedAt ?? undefined };
}
