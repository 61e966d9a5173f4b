import { bumpLine, type Context } from '../client/context.js';
import type { GatewayRepository } from '../types/sessions.js';

export function gatewayRepository(context: Context): GatewayRepository {
  const { db, org } = context;
  return {
    lease: async ({ id, address, ttlMs }) => {
      await db.$executeRaw`
        INSERT INTO gateway_instance (org_id, id, address, lease_until)
        VALUES (${org}, ${id}, ${address}, clock_timestamp() + ${ttlMs}::float8 * interval '1 millisecond')
        ON CONFLICT (org_id, id) DO UPDATE SET address = EXCLUDED.address, lease_until = EXCLUDED.lease_until`;
    },
    release: async (id) => {
      await db.gatewayInstance.deleteMany({ where: { orgId: org, id } });
    },
    live: () => db.$queryRaw`
      SELECT id, address, lease_until AS "leaseUntil" FROM gateway_instance
      WHERE org_id = ${org} AND lease_until > clock_timestamp() ORDER BY id`,
    reap: async () => {
      const orphans = await db.$queryRaw<{ cluster: string }[]>`
        SELECT cluster FROM agent_session s WHERE org_id = ${org} AND connected AND NOT EXISTS (
          SELECT 1 FROM gateway_instance g WHERE g.org_id = s.org_id AND g.id = s.gateway_id AND g.lease_until > clock_timestamp())`;
      if (orphans.length === 0) return [];
      const version = await bumpLine(context, 'agent');
      const reaped = await db.$queryRaw<{ cluster: string }[]>`
        UPDATE agent_session s SET connected = false, disconnected_at = now(), last_error = 'the gateway went away', version = ${version}
        WHERE org_id = ${org} AND connected AND cluster = ANY(${orphans.map((row) => row.cluster)}) AND NOT EXISTS (
          SELECT 1 FROM gateway_instance g WHERE g.org_id = s.org_id AND g.id = s.gateway_id AND g.lease_until > clock_timestamp())
        RETURNING cluster`;
      await db.$executeRaw`DELETE FROM gateway_instance WHERE org_id = ${org} AND lease_until < clock_timestamp() - interval '1 hour'`;
      return reaped.map((row) => row.cluster).sort();
    },
  };
}
