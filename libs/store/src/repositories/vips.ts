import { type Context, rowsOf } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { hasText, isOneOf } from '../client/table.js';
import { Prisma } from '../generated/client.js';
import type { PortContractRecord, PortRepository, VipRecord, VipRepository } from '../types/members.js';

type JsonVip = Omit<VipRecord, 'allocatedAt' | 'releasedAt'> & { allocatedAt: string; releasedAt: string | null };

async function read(
  { rows, org }: ReadContext,
  where: Prisma.Sql,
  rest = Prisma.sql`ORDER BY gns, host`,
): Promise<VipRecord[]> {
  const found = await rows<JsonVip>(
    Prisma.sql`SELECT gns, host, address, allocated_at AS "allocatedAt", released_at AS "releasedAt" FROM vip
      WHERE org_id = ${org} AND ${where} ${rest}`,
  );
  return found.map(({ gns, host, address, allocatedAt, releasedAt }) => ({
    gns,
    host,
    address,
    allocatedAt: new Date(allocatedAt),
    releasedAt: releasedAt === null ? undefined : new Date(releasedAt),
  }));
}

/** Addresses of a global namespace, or of all. */
export function vipReads(context: ReadContext): Pick<VipRepository, 'list' | 'search'> {
  return {
    list: (gns) => read(context, isOneOf('gns', gns)),
    search: ({ text, limit, gns }) => {
      const where = Prisma.sql`released_at IS NULL AND ${hasText('host', text)} AND ${isOneOf('gns', gns)}`;
      return read(context, where, Prisma.sql`ORDER BY host, gns LIMIT ${limit}`);
    },
  };
}

export function vipRepository(context: Context): VipRepository {
  const { db, org } = context;
  return {
    ...vipReads(context),
    released: (gns) => read(context, Prisma.sql`gns = ${gns} AND released_at IS NOT NULL`),
    allocate: async (gns, vips) => {
      if (vips.length === 0) return { refused: [] };
      await db.$executeRaw`
        INSERT INTO vip (org_id, gns, host, address)
        SELECT ${org}, ${gns}, v.host, v.address FROM jsonb_to_recordset(${rowsOf(vips)}::jsonb) AS v(host text, address text)
        ORDER BY v.host ON CONFLICT DO NOTHING`;
      const rows = await db.vip.findMany({ where: { orgId: org, gns, host: { in: vips.map((vip) => vip.host) } } });
      const held = new Map(rows.map((row) => [row.host, row.address]));
      return {
        refused: vips
          .filter((vip) => held.get(vip.host) !== vip.address)
          .map(({ host, address }) => ({ host, address })),
      };
    },
    release: async (gns, hosts) => {
      await db.$executeRaw`
        UPDATE vip SET released_at = now() WHERE org_id = ${org} AND gns = ${gns} AND host = ANY(${[...hosts]}) AND released_at IS NULL`;
    },
    reclaim: async (gns, hosts) => {
      await db.vip.updateMany({ where: { orgId: org, gns, host: { in: [...hosts] } }, data: { releasedAt: null } });
    },
    free: async (releasedBefore) => {
      const gone = await db.vip.deleteMany({ where: { orgId: org, releasedAt: { lt: releasedBefore } } });
      return gone.count;
    },
  };
}

/** Ports of a global namespace. */
export function portReads({ rows, org }: ReadContext): Pick<PortRepository, 'list'> {
  return {
    list: (gns) =>
      rows<PortContractRecord>(
        Prisma.sql`SELECT gns, host, number, name, protocol, fixed_by AS "fixedBy" FROM port_contract
          WHERE org_id = ${org} AND gns = ANY(${[gns].flat()}) ORDER BY host, number`,
      ),
  };
}

export function portRepository(context: Context): PortRepository {
  const { db, org } = context;
  return {
    ...portReads(context),
    fix: async (gns, ports) => {
      await db.$executeRaw`
        INSERT INTO port_contract (org_id, gns, host, number, name, protocol, fixed_by)
        SELECT ${org}, ${gns}, p.host, p.number, p.name, p.protocol, p."fixedBy"
        FROM jsonb_to_recordset(${rowsOf(ports)}::jsonb) AS p(host text, number int, name text, protocol text, "fixedBy" text)
        ORDER BY p.host, p.number ON CONFLICT DO NOTHING`;
    },
    remove: async (gns, hosts) => {
      await db.portContract.deleteMany({ where: { orgId: org, gns, host: { in: [...hosts] } } });
    },
  };
}
