import { type Context, rowsOf } from '../client/context.js';
import type { RateRepository, RateUse } from '../types/rates.js';

/** Time is the database's: processes need not agree on it. */
export function rateRepository({ db, org }: Context): RateRepository {
  return {
    spend: async (spendings, windowMs) => {
      if (spendings.length === 0) return [];
      const rows = await db.$queryRaw<{ key: string; used: bigint; leftMs: number }[]>`
        INSERT INTO rate_use AS r (org_id, key, used, ends_at)
        SELECT ${org}, s.key, s.spent, clock_timestamp() + ${windowMs}::int * interval '1 millisecond'
        FROM jsonb_to_recordset(${rowsOf(spendings)}::jsonb) AS s(key text, spent bigint)
        ORDER BY s.key
        ON CONFLICT (org_id, key) DO UPDATE SET
          used = EXCLUDED.used + CASE WHEN r.ends_at <= clock_timestamp() THEN 0 ELSE r.used END,
          ends_at = CASE WHEN r.ends_at <= clock_timestamp() THEN EXCLUDED.ends_at ELSE r.ends_at END
        RETURNING key, used, GREATEST(0, extract(epoch FROM ends_at - clock_timestamp()) * 1000)::float8 AS "leftMs"`;
      return rows.map(({ key, used, leftMs }): RateUse => ({ key, used: Number(used), leftMs }));
    },
    forget: () => db.$executeRaw`DELETE FROM rate_use WHERE org_id = ${org} AND ends_at < clock_timestamp()`,
  };
}
