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
        ON CONFLICT (org_id, gns, minute, cluster) DO UPDATE SET body = EXCLUDED.body`;
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
  };
}

function record({ cluster, gns, minute, body }: SignalMinute): SignalMinute {
  return { cluster, gns, minute, body };
}
