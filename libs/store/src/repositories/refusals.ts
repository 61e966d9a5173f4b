import { bumpLine, type Context, notifyAgents } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf, rowsOfTable, table } from '../client/table.js';
import { type IdentityRefusal, Prisma } from '../generated/client.js';
import type {
  LineStopRecord,
  LineStopRepository,
  RefusalDoor,
  RefusalNote,
  RefusalRepository,
} from '../types/refusals.js';

/** Kept of each cluster, and of those that nobody can be told from: whoever knocks often must not fill the table. */
const KEPT = 50;

const REFUSALS = table<IdentityRefusal>('identity_refusal', Prisma.IdentityRefusalScalarFieldEnum, {
  dates: { firstAt: true, lastAt: true },
  bigints: {},
});

/** Refusals of clusters, and those that nobody can be told from. */
export function refusalReads(context: ReadContext): Pick<RefusalRepository, 'list'> {
  return {
    list: async (clusters) => {
      const choice = { where: isOneOf('cluster', [...clusters, '']), orderBy: 'last_at DESC, code' };
      const rows = await rowsOfTable(context, REFUSALS, choice);
      return rows.map(({ orgId: _org, ...row }) => ({ ...row, door: row.door as RefusalDoor }));
    },
  };
}

type JsonStop = Omit<LineStopRecord, 'since'> & { since: string };

/** Lines that are stopped in this epoch. */
export function lineStopReads({ rows, org }: ReadContext): Pick<LineStopRepository, 'list'> {
  return {
    list: async (clusters) => {
      const found = await rows<JsonStop>(
        Prisma.sql`SELECT cluster, gns, line, epoch, message, since FROM line_stop
          WHERE org_id = ${org} AND epoch >= (SELECT epoch FROM system_state) AND ${isOneOf('cluster', clusters)}
          ORDER BY cluster, gns, line`,
      );
      return found.map((row) => ({ ...row, since: new Date(row.since) }));
    },
  };
}

export function refusalRepository(context: Context): RefusalRepository {
  const { db, org } = context;
  return {
    note: async (notes) => {
      for (const note of notes) await noteOne(context, note);
    },
    ...refusalReads(context),
    clear: async (cluster) => {
      await db.identityRefusal.deleteMany({ where: { orgId: org, cluster } });
    },
  };
}

async function noteOne(context: Context, note: RefusalNote): Promise<void> {
  const { db, org } = context;
  const { door, code, address, count } = note;
  const cluster = note.cluster === '' ? await clusterAt(context, address) : note.cluster;
  const message = note.message.slice(0, 500);
  await db.$executeRaw`
    INSERT INTO identity_refusal AS r (org_id, cluster, code, address, door, message, count)
    VALUES (${org}, ${cluster}, ${code}, ${address}, ${door}, ${message}, ${count})
    ON CONFLICT (org_id, cluster, code, address) DO UPDATE SET door = EXCLUDED.door, message = EXCLUDED.message,
      count = LEAST(r.count::bigint + EXCLUDED.count, 2000000000)::int, last_at = now()`;
  await db.$executeRaw`
    DELETE FROM identity_refusal WHERE org_id = ${org} AND cluster = ${cluster} AND (code, address) IN (
      SELECT code, address FROM identity_refusal WHERE org_id = ${org} AND cluster = ${cluster}
      ORDER BY last_at DESC, code, address OFFSET ${KEPT})`;
  if (cluster !== '') await notifyAgents(context, cluster, 'refused');
}

/** The one cluster whose agent was seen at this address; several behind one address cannot be told apart. */
async function clusterAt({ db, org }: Context, address: string): Promise<string> {
  const rows = await db.$queryRaw<{ cluster: string }[]>`
    SELECT cluster FROM agent_session WHERE org_id = ${org} AND (address = ${address} OR enrolled_from = ${address}) LIMIT 2`;
  return rows.length === 1 ? (rows[0]?.cluster ?? '') : '';
}

export function lineStopRepository(context: Context): LineStopRepository {
  const { db, org } = context;
  return {
    add: async ({ cluster, gns, line, epoch, message }) => {
      await bumpLine(context, 'agent');
      await db.$executeRaw`
        DELETE FROM line_stop WHERE org_id = ${org} AND epoch < (SELECT epoch FROM system_state)`;
      await db.$executeRaw`
        INSERT INTO line_stop AS s (org_id, cluster, gns, line, epoch, message)
        VALUES (${org}, ${cluster}, ${gns}, ${line}, ${epoch}, ${message})
        ON CONFLICT (org_id, cluster, gns, line) DO UPDATE SET epoch = GREATEST(s.epoch, EXCLUDED.epoch), message = EXCLUDED.message`;
      await notifyAgents(context, cluster, 'stopped');
    },
    ...lineStopReads(context),
  };
}
