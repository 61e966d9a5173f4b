import type { MemberState } from '@isthmus/domain';
import { type Context, rowsOf } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf } from '../client/table.js';
import { Prisma } from '../generated/client.js';
import type { MemberKey, MemberRecord, MemberRepository, MemberTransition, ServiceKey } from '../types/members.js';

export function memberRepository(context: Context): MemberRepository {
  const { db, org } = context;
  return {
    ...memberReads(context),
    ofCluster: (cluster) => read(context, Prisma.sql`cluster = ${cluster}`),
    unsettled: (gns) => read(context, Prisma.sql`gns = ${gns} AND state <> 'served'`),
    apply: (gns, transitions) => apply(context, gns, transitions),
    dueGns: async (limit) => {
      const rows = await db.$queryRaw<{ gns: string }[]>`
        SELECT DISTINCT gns FROM member_state WHERE org_id = ${org} AND due_at <= clock_timestamp() ORDER BY gns LIMIT ${limit}`;
      return rows.map((row) => row.gns);
    },
    unsettledGns: async (gnsIds) => {
      const rows = await db.$queryRaw<{ gns: string }[]>`
        SELECT DISTINCT gns FROM member_state WHERE org_id = ${org} AND gns = ANY(${[...gnsIds]}) AND state <> 'served' ORDER BY gns`;
      return rows.map((row) => row.gns);
    },
    heldElsewhere: async (gns, services) => {
      if (services.length === 0) return [];
      return db.$queryRaw<(ServiceKey & { gns: string; state: MemberState })[]>`
        SELECT DISTINCT s.cluster, s.namespace, s.service, s.gns, s.state FROM member_state s
        JOIN jsonb_to_recordset(${rowsOf(services)}::jsonb) AS w(cluster text, namespace text, service text)
          ON s.cluster = w.cluster AND s.namespace = w.namespace AND s.service = w.service
        WHERE s.org_id = ${org} AND s.gns <> ${gns} ORDER BY s.cluster, s.namespace, s.service, s.gns`;
    },
  };
}

/** Members of a global namespace. */
export function memberReads(context: ReadContext): Pick<MemberRepository, 'list'> {
  return { list: (gns) => read(context, isOneOf('gns', gns)) };
}

type JsonMember = Omit<MemberRecord, 'dueAt' | 'updatedAt'> & { dueAt: string | null; updatedAt: string };

async function read({ rows, org }: ReadContext, where: Prisma.Sql): Promise<MemberRecord[]> {
  const found = await rows<JsonMember>(
    Prisma.sql`SELECT gns, host, cluster, namespace, service, state, entered_seq AS "enteredSeq", due_at AS "dueAt", version,
      updated_at AS "updatedAt" FROM member_state WHERE org_id = ${org} AND ${where}
      ORDER BY host, cluster, namespace, service`,
  );
  return found.map(memberOf);
}

/** Field by field: rows are many, and copying the rest of a row costs several times as much. */
function memberOf(row: JsonMember): MemberRecord {
  return {
    gns: row.gns,
    host: row.host,
    cluster: row.cluster,
    namespace: row.namespace,
    service: row.service,
    state: row.state,
    enteredSeq: row.enteredSeq,
    dueAt: row.dueAt === null ? undefined : new Date(row.dueAt),
    version: row.version,
    updatedAt: new Date(row.updatedAt),
  };
}

async function apply({ db, org }: Context, gns: string, transitions: readonly MemberTransition[]) {
  if (transitions.length === 0) return { applied: 0, conflicts: [] };
  const rows = rowsOf(transitions);
  const written = await db.$queryRaw<MemberKey[]>`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS m(host text, cluster text, namespace text, service text,
        "expectedVersion" bigint, next text, "enteredSeq" bigint, "dueAt" timestamptz)
    ), gone AS (
      DELETE FROM member_state s USING wanted w
      WHERE s.org_id = ${org} AND s.gns = ${gns} AND w.next = 'gone' AND s.host = w.host AND s.cluster = w.cluster
        AND s.namespace = w.namespace AND s.service = w.service AND s.version = w."expectedVersion"
      RETURNING s.host, s.cluster, s.namespace, s.service
    ), moved AS (
      UPDATE member_state s SET state = w.next, entered_seq = w."enteredSeq", due_at = w."dueAt", version = s.version + 1, updated_at = now()
      FROM wanted w
      WHERE s.org_id = ${org} AND s.gns = ${gns} AND w.next <> 'gone' AND w."expectedVersion" > 0 AND s.host = w.host AND s.cluster = w.cluster
        AND s.namespace = w.namespace AND s.service = w.service AND s.version = w."expectedVersion"
      RETURNING s.host, s.cluster, s.namespace, s.service
    ), added AS (
      INSERT INTO member_state AS s (org_id, gns, host, cluster, namespace, service, state, entered_seq, due_at, version)
      SELECT ${org}, ${gns}, host, cluster, namespace, service, next, "enteredSeq", "dueAt", 1
      FROM wanted WHERE "expectedVersion" = 0 AND next <> 'gone'
      ON CONFLICT DO NOTHING
      RETURNING s.host, s.cluster, s.namespace, s.service
    )
    SELECT * FROM gone UNION ALL SELECT * FROM moved UNION ALL SELECT * FROM added`;
  const done = new Set(written.map(keyText));
  const conflicts = transitions.filter((each) => !done.has(keyText(each))).map(keyOnly);
  return { applied: written.length, conflicts };
}

function keyOnly({ host, cluster, namespace, service }: MemberKey): MemberKey {
  return { host, cluster, namespace, service };
}

function keyText(key: MemberKey): string {
  return JSON.stringify([key.host, key.cluster, key.namespace, key.service]);
}
