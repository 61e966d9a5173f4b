import type { Context } from '../client/context.js';
import type { IdempotencyRepository } from '../types/idempotency.js';

export function idempotencyRepository({ db, org, clock }: Context): IdempotencyRepository {
  return {
    begin: async ({ actor, key, requestHash }) => {
      const added = await db.$executeRaw`
        INSERT INTO idempotency_key (org_id, actor, key, request_hash, created_at)
        VALUES (${org}, ${actor}, ${key}, ${requestHash}, ${clock.now()}) ON CONFLICT DO NOTHING`;
      if (added === 1) return { outcome: 'new' };
      const row = await db.idempotencyKey.findUniqueOrThrow({ where: { orgId_actor_key: { orgId: org, actor, key } } });
      if (row.requestHash !== requestHash) return { outcome: 'mismatch' };
      return { outcome: 'replay', response: row.response };
    },
    finish: async ({ actor, key, response }) => {
      await db.$executeRaw`
        UPDATE idempotency_key SET response = ${JSON.stringify(response ?? null)}::jsonb
        WHERE org_id = ${org} AND actor = ${actor} AND key = ${key}`;
    },
    prune: async (before) =>
      (await db.idempotencyKey.deleteMany({ where: { orgId: org, createdAt: { lt: before } } })).count,
  };
}
