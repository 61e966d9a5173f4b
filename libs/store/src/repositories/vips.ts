import { type Context, rowsOf } from '../client/context.js';
import { jsonRows } from '../client/json-rows.js';
import { Prisma } from '../generated/client.js';
import type { PortContractRecord, PortRepository, VipRecord, VipRepository } from '../types/members.js';

type JsonVip = Omit<VipRecord, 'allocatedAt' | 'releasedAt'> & { allocatedAt: string; releasedAt: string | null };

export function vipRepository({ db, org }: Context): VipRepository {
  const read = async (where: Prisma.Sql): Promise<VipRecord[]> => {
    const rows = await jsonRows<JsonVip>(
      db,
      Prisma.sql`SELECT gns, host, address, allocated_at AS "allocatedAt", released_at AS "releasedAt" FROM vip
        WHERE org_id = ${org} AND ${where} ORDER BY gns, host`,
    );
    return rows.map(({ allocatedAt, releasedAt, ...row }) => ({
      ...row,
      allocatedAt: new Date(allocatedAt),
      releasedAt: releasedAt === null ? undefined : new Date(releasedAt),
    }));
  };
  return {
    list: (gns) => read(gns === undefined ? Prisma.sql`true` : Prisma.sql`gns = ANY(${[gns].flat()})`),
    released: (gns) => read(Prisma.sql`gns = ${gns} AND released_at IS NOT NULL`),
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

export function portRepository({ db, org }: Context): PortRepository {
  return {
    list: (gns) =>
      jsonRows<PortContractRecord>(
        db,
        Prisma.sql`SELECT gns, host, number, name, protocol, fixed_by AS "fixedBy" FROM port_contract
          WHERE org_id = ${org} AND gns = ANY(${[gns].flat()}) ORDER BY host, number`,
      ),
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
