import { type Context, rowsOf } from '../client/context.js';
import type { SloReportRecord, SloStateRecord, SloStateRepository } from '../types/slo-states.js';

const ORDER = [{ gns: 'asc' as const }, { slo: 'asc' as const }, { host: 'asc' as const }];

export function sloStateRepository(context: Context): SloStateRepository {
  const { db, org } = context;
  return {
    states: async ({ gns, slo }) => {
      const select = { gns: true, slo: true, host: true, shape: true, sealedUntil: true, state: true } as const;
      const rows: SloStateRecord[] = await db.sloStateRow.findMany({
        where: { orgId: org, gns, slo },
        orderBy: ORDER,
        select,
      });
      return rows;
    },
    write: async (of, rows) => {
      const hosts = rows.map(({ host }) => host);
      await db.sloStateRow.deleteMany({ where: { orgId: org, gns: of.gns, slo: of.slo, host: { notIn: hosts } } });
      await upsert(context, of, rows);
    },
    reports: async (of) => {
      const where = { orgId: org, ...whereOf(of) };
      const select = { gns: true, slo: true, host: true, report: true, evaluatedAt: true } as const;
      const rows: SloReportRecord[] = await db.sloStateRow.findMany({ where, orderBy: ORDER, select });
      return rows;
    },
    list: () =>
      db.sloStateRow.findMany({
        where: { orgId: org },
        distinct: ['gns', 'slo'],
        orderBy: ORDER,
        select: { gns: true, slo: true },
      }),
    remove: async ({ gns, slo }) => {
      await db.sloStateRow.deleteMany({ where: { orgId: org, gns, slo } });
    },
  };
}

function whereOf(of: Parameters<SloStateRepository['reports']>[0]) {
  if ('host' in of) return of;
  return 'gns' in of ? { gns: { in: [...of.gns] } } : { slo: { in: [...of.slo] } };
}

/** A row without a state keeps the one it has; such a row exists, since the first write of a host brings one. */
async function upsert(
  { db, org }: Context,
  of: Parameters<SloStateRepository['write']>[0],
  rows: Parameters<SloStateRepository['write']>[1],
): Promise<void> {
  if (rows.length === 0) return;
  const { gns, slo, shape, sealedUntil } = of;
  await db.$executeRaw`
    INSERT INTO slo_state AS s (org_id, gns, slo, host, shape, sealed_until, state, report, evaluated_at)
    SELECT ${org}, ${gns}, ${slo}, r.host, ${shape}, ${sealedUntil}, coalesce(r.state, 'null'::jsonb), r.report, r."evaluatedAt"
    FROM jsonb_to_recordset(${rowsOf(rows)}::jsonb) AS r(host text, state jsonb, report jsonb, "evaluatedAt" timestamptz)
    ON CONFLICT (org_id, gns, slo, host) DO UPDATE SET shape = EXCLUDED.shape, sealed_until = EXCLUDED.sealed_until,
      state = CASE WHEN EXCLUDED.state = 'null'::jsonb THEN s.state ELSE EXCLUDED.state END,
      report = EXCLUDED.report, evaluated_at = EXCLUDED.evaluated_at`;
}
