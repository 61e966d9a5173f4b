import type { Context } from '../client/context.js';
import { Prisma } from '../generated/client.js';
import type { OutboxRecord, OutboxRepository, OutboxTopic } from '../types/outbox.js';

interface Row {
  id: string;
  topic: OutboxTopic;
  subject: string;
  ids: Record<string, string>;
  createdAt: Date;
  attempts: number;
}

export function outboxRepository(context: Context): OutboxRepository {
  const { db, org } = context;
  return {
    add: async (row) => addOutbox(context, row),
    claim: async ({ limit, leaseMs, topics }) => {
      const rows = await db.$queryRaw<Row[]>`
        UPDATE outbox SET attempts = attempts + 1, lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
        WHERE org_id = ${org} AND id IN (
          SELECT id FROM outbox
          WHERE org_id = ${org} AND done_at IS NULL AND lease_until <= clock_timestamp()
            AND (${topics === undefined} OR topic = ANY(${topics ?? []}))
          ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        RETURNING id, topic, subject, ids, created_at AS "createdAt", attempts`;
      return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map((row): OutboxRecord => ({ ...row }));
    },
    take: async ({ topics, subject, leaseMs }) => {
      const rows = await db.$queryRaw<{ id: string }[]>`
        UPDATE outbox SET attempts = attempts + 1, lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
        WHERE org_id = ${org} AND done_at IS NULL AND topic = ANY(${[...topics]}) AND subject = ${subject}
        RETURNING id`;
      return rows.map((row) => row.id).sort();
    },
    open: async (topic) => {
      const rows = await db.$queryRaw<{ subject: string }[]>`
        SELECT DISTINCT subject FROM outbox WHERE org_id = ${org} AND done_at IS NULL AND topic = ${topic} ORDER BY subject`;
      return rows.map((row) => row.subject);
    },
    finish: async (ids) => {
      await db.$executeRaw`UPDATE outbox SET done_at = clock_timestamp() WHERE org_id = ${org} AND id = ANY(${[...ids]})`;
    },
    release: async (ids, options) => {
      await db.$executeRaw`
        UPDATE outbox SET lease_until = clock_timestamp() + ${options?.delayMs ?? 0}::float8 * interval '1 millisecond'
        WHERE org_id = ${org} AND id = ANY(${[...ids]}) AND done_at IS NULL`;
    },
    pending: () => db.outbox.count({ where: { orgId: org, doneAt: null } }),
    prune: (before) => db.$executeRaw`DELETE FROM outbox WHERE org_id = ${org} AND done_at < ${before}`,
  };
}

/**
 * A waiting row of the same topic and subject is reused, and locked until we commit: a claim either comes after us
 * and sees our change, or came before, and then we add a row of our own.
 */
export function addOutbox(context: Context, row: OutboxRow): Promise<void> {
  return addOutboxAll(context, [row]);
}

interface OutboxRow {
  topic: OutboxTopic;
  subject: string;
  ids?: Record<string, string>;
}

/** Rows of different topics or subjects, in the order that locks are taken in. */
export async function addOutboxAll({ connection, org, ids }: Context, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => ({ ids: {}, ...row, id: ids.uuid() }));
  await connection.query(Prisma.sql`
    INSERT INTO outbox (org_id, id, topic, subject, ids, created_at, lease_until)
    SELECT ${org}, r.id, r.topic, r.subject, r.ids, clock_timestamp(), clock_timestamp()
    FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS r(id text, topic text, subject text, ids jsonb)
    ON CONFLICT (org_id, topic, subject) WHERE done_at IS NULL AND attempts = 0 DO UPDATE SET ids = EXCLUDED.ids`);
}
