import { rowsOf, type Context } from '../client/context.js';
import type { PlannedRemoval } from '../generated/client.js';
import type { RemovalCause, RemovalRecord, RemovalRepository } from '../types/removals.js';

export function removalRepository({ db, org }: Context): RemovalRepository {
  return {
    list: async (gns) => {
      const orderBy = [{ host: 'asc' as const }, { cause: 'asc' as const }];
      return (await db.plannedRemoval.findMany({ where: { orgId: org, gns }, orderBy })).map(record);
    },
    put: async (gns, removals) => {
      if (removals.length === 0) return;
      await db.$executeRaw`
        INSERT INTO planned_removal (org_id, gns, host, cause, decided_by, decided_at, catalog_seq, open)
        SELECT ${org}, ${gns}, host, cause, "decidedBy", "decidedAt", "catalogSeq", open
        FROM jsonb_to_recordset(${rowsOf(removals)}::jsonb) AS r(host text, cause text, "decidedBy" text, "decidedAt" timestamptz,
          "catalogSeq" bigint, open boolean)
        ON CONFLICT (org_id, gns, host, cause) DO UPDATE SET decided_by = EXCLUDED.decided_by, decided_at = EXCLUDED.decided_at,
          catalog_seq = EXCLUDED.catalog_seq, open = EXCLUDED.open`;
    },
    drop: async (gns, keys) => {
      if (keys.length === 0) return;
      await db.$executeRaw`
        DELETE FROM planned_removal p USING jsonb_to_recordset(${rowsOf(keys)}::jsonb) AS r(host text, cause text)
        WHERE p.org_id = ${org} AND p.gns = ${gns} AND p.host = r.host AND p.cause = r.cause`;
    },
  };
}

function record(row: PlannedRemoval): RemovalRecord {
  const { gns, host, decidedBy, decidedAt, open } = row;
  return {
    gns,
    host,
    cause: row.cause as RemovalCause,
    decidedBy,
    decidedAt,
    catalogSeq: Number(row.catalogSeq),
    open,
  };
}
