import { type Context, holdSession, rowsOf } from '../client/context.js';
import type { SignalMinute, SignalRepository } from '../types/signals.js';

export function signalRepository(context: Context): SignalRepository {
  const { db, org } = context;
  return {
    write: async (from, rows) => {
      if (!(await holdSession(context, from))) return 'fenced';
      const newest = [...new Map(rows.map((row) => [`${row.gns} ${row.minute.getTime()}`, row])).values()];
      await db.$executeRaw`
        INSERT INTO signal_minute (org_id, gns, minute, cluster, body)
        SELECT ${org}, s.gns, date_trunc('minute', s.minute), ${from.cluster}, s.body
        FROM jsonb_to_recordset(${rowsOf(newest)}::jsonb) AS s(gns text, minute timestamptz, body jsonb)
        ON CONFLICT (org_id, gns, minute, cluster) DO UPDATE SET body = EXCLUDED.body
        WHERE signal_minute.body IS DISTINCT FROM EXCLUDED.body`;
      return 'written';
    },
    range: async (gns, from, to) => {
      const where = { orgId: org, gns, minute: { gte: from, lt: to } };
      return (await db.signalMinute.findMany({ where, orderBy: [{ minute: 'asc' }, { cluster: 'asc' }] })).map(record);
    },
    latest: async (gns) => {
      const rows = await db.$queryRaw<SignalMinute[]>`
        SELECT DISTINCT ON (cluster) cluster, gns, minute, body FROM signal_minute
        WHERE org_id = ${org} AND gns = ${gns} ORDER BY cluster, minute DESC`;
      return rows.map(record);
    },
    prune: async (before) =>
      (await db.signalMinute.deleteMany({ where: { orgId: org, minute: { lt: before } } })).count,
    ...hourMethods(context),
  };
}

function hourMethods(context: Context): Pick<SignalRepository, 'hoursWithMinutes' | 'rollUp' | 'hours' | 'pruneHours'> {
  const { db, org } = context;
  return {
    hoursWithMinutes: (before, limit) =>
      db.$queryRaw<{ gns: string; hour: Date }[]>`
        SELECT DISTINCT gns, date_trunc('hour', minute, 'UTC') AS hour FROM signal_minute
        WHERE org_id = ${org} AND minute < ${before} ORDER BY hour, gns LIMIT ${limit}`,
    rollUp: (of, rows) => rollUp(context, of, rows),
    hours: async (gns, from, to) => {
      const where = { orgId: org, gns, hour: { gte: from, lt: to } };
      const rows = await db.signalHour.findMany({ where, orderBy: [{ hour: 'asc' }, { cluster: 'asc' }] });
      return rows.map(({ cluster, hour, body }) => ({ cluster, gns, hour, body }));
    },
    pruneHours: async (before) =>
      (await db.signalHour.deleteMany({ where: { orgId: org, hour: { lt: before } } })).count,
  };
}

async function rollUp(
  { db, org }: Context,
  { gns, hour }: { gns: string; hour: Date },
  rows: Parameters<SignalRepository['rollUp']>[1],
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO signal_hour (org_id, gns, hour, cluster, body)
    SELECT ${org}, ${gns}, ${hour}, r.cluster, r.body
    FROM jsonb_to_recordset(${rowsOf(rows)}::jsonb) AS r(cluster text, body jsonb)
    ON CONFLICT (org_id, gns, hour, cluster) DO UPDATE SET body = EXCLUDED.body`;
  const end = new Date(hour.getTime() + HOUR_MS);
  await db.signalMinute.deleteMany({ where: { orgId: org, gns, minute: { gte: hour, lt: end } } });
}

const HOUR_MS = 3_600_000;

function record({ cluster, gns, minute, body }: SignalMinute): SignalMinute {
  return { cluster, gns, minute, body };
}
