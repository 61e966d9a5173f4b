import { bumpLine, type Context, notifyAgents } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { rowsOfTable, table } from '../client/table.js';
import { type ClusterLife as Row, Prisma } from '../generated/client.js';
import type { ClusterLife, ClusterLifeRepository, ClusterPhase, PhaseMove } from '../types/lives.js';
import { addOutbox } from './outbox.js';

const LIVES = table<Row>('cluster_life', Prisma.ClusterLifeScalarFieldEnum, {
  dates: { since: true, abandonedAt: true, forgottenAt: true },
  bigints: { version: true },
});

/** What was decided about clusters. */
export function clusterLifeReads(context: ReadContext): Pick<ClusterLifeRepository, 'list'> {
  return {
    list: async () => (await rowsOfTable(context, LIVES, { where: Prisma.sql`true`, orderBy: 'cluster' })).map(record),
  };
}

export function clusterLifeRepository(context: Context): ClusterLifeRepository {
  const { db, org, clock } = context;
  const read = async (cluster: string): Promise<ClusterLife> => {
    const row = await db.clusterLife.findUnique({ where: { orgId_cluster: { orgId: org, cluster } } });
    return row === null ? member(cluster) : record(row);
  };
  return {
    get: read,
    ...clusterLifeReads(context),
    move: (move) => movePhase(context, move),
    abandon: async (cluster, by) => {
      await lock(context, cluster);
      await write(context, cluster, { abandonedAt: by === undefined ? null : clock.now(), abandonedBy: by ?? null });
    },
    forget: async (cluster, by) => {
      await lock(context, cluster);
      await write(context, cluster, { forgottenAt: clock.now(), forgottenBy: by });
    },
    heard: async (cluster) => {
      const { abandonedAt } = await read(cluster);
      if (abandonedAt !== undefined) await write(context, cluster, { abandonedAt: null, abandonedBy: null });
    },
    remove: async (cluster) => {
      await db.clusterLife.deleteMany({ where: { orgId: org, cluster } });
    },
  };
}

/** What it reported counts again: something was reported. */
export async function reportedAgain(context: Context, cluster: string): Promise<void> {
  const { db, org } = context;
  const known = await db.clusterLife.count({ where: { orgId: org, cluster, forgottenAt: { not: null } } });
  if (known > 0) await write(context, cluster, { forgottenAt: null, forgottenBy: null });
}

/** Moves follow each other, so that of two only one finds the phase that it expects. */
async function lock({ db, org }: Context, cluster: string): Promise<void> {
  await db.$executeRaw`INSERT INTO cluster_life (org_id, cluster) VALUES (${org}, ${cluster}) ON CONFLICT DO NOTHING`;
  await db.$queryRaw`SELECT 1 FROM cluster_life WHERE org_id = ${org} AND cluster = ${cluster} FOR UPDATE`;
}

async function movePhase(
  context: Context,
  { cluster, from, to, by, proof }: PhaseMove,
): ReturnType<ClusterLifeRepository['move']> {
  const { db, org, clock } = context;
  await lock(context, cluster);
  const row = await db.clusterLife.findUniqueOrThrow({ where: { orgId_cluster: { orgId: org, cluster } } });
  const before = record(row);
  if (!from.includes(before.phase)) return { outcome: 'other', life: before };
  const kept = proof === undefined ? Prisma.DbNull : (proof as Prisma.InputJsonValue);
  return { outcome: 'moved', life: await write(context, cluster, { phase: to, since: clock.now(), by, proof: kept }) };
}

/** Whoever compiles or watches hears of it: a decision about a cluster changes what global namespaces reach. */
async function write(
  context: Context,
  cluster: string,
  data: Omit<Prisma.ClusterLifeUncheckedUpdateInput, 'orgId' | 'cluster' | 'version'>,
): Promise<ClusterLife> {
  const version = await bumpLine(context, 'agent');
  const where = { orgId_cluster: { orgId: context.org, cluster } };
  const row = await context.db.clusterLife.update({ where, data: { ...data, version } });
  await addOutbox(context, { topic: 'resource.changed', subject: cluster, ids: { kind: 'Cluster' } });
  await notifyAgents(context, cluster, 'life');
  return record(row);
}

function member(cluster: string): ClusterLife {
  const undecided = { abandonedAt: undefined, abandonedBy: undefined, forgottenAt: undefined, forgottenBy: undefined };
  return { cluster, phase: 'MEMBER', since: new Date(0), by: '', proof: undefined, ...undecided, version: 0 };
}

function record(row: Row): ClusterLife {
  return {
    cluster: row.cluster,
    phase: row.phase as ClusterPhase,
    since: row.since,
    by: row.by,
    proof: row.proof ?? undefined,
    abandonedAt: row.abandonedAt ?? undefined,
    abandonedBy: row.abandonedBy ?? undefined,
    forgottenAt: row.forgottenAt ?? undefined,
    forgottenBy: row.forgottenBy ?? undefined,
    version: Number(row.version),
  };
}
