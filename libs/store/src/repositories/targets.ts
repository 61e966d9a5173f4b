import { bumpLine, type Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf, rowsOfTable, table } from '../client/table.js';
import { Prisma, type Target } from '../generated/client.js';
import type {
  LineTree,
  MoveOutcome,
  TargetMove,
  TargetRecord,
  TargetRepository,
  TargetState,
} from '../types/targets.js';
import { rowsOf } from '../client/context.js';
import { acknowledgeAll, acknowledged, applied, ready } from './applied.js';

const TARGETS = table<Target>('target', Prisma.TargetScalarFieldEnum, {
  dates: { movedAt: true },
  bigints: { seq: true, minCatalogSeq: true, version: true },
});

/** What is wanted of clusters, and what they said of it. */
export function targetReads(context: ReadContext): Pick<TargetRepository, 'ofCluster' | 'ofGns' | 'applied'> {
  const read = async (where: Prisma.Sql, orderBy: string) =>
    (await rowsOfTable(context, TARGETS, { where, orderBy })).map(record);
  return {
    ofCluster: (cluster) => read(isOneOf('cluster', cluster), 'gns'),
    ofGns: (gns) => read(isOneOf('gns', gns), 'cluster'),
    applied: (filter) => applied(context, filter),
  };
}

export function targetRepository(context: Context): TargetRepository {
  const { db, org } = context;
  return {
    get: async (cluster, gns) => {
      const row = await db.target.findUnique({ where: { orgId_cluster_gns: { orgId: org, cluster, gns } } });
      return row === null ? undefined : record(row);
    },
    ...targetReads(context),
    clustersOf: async (gnsIds) => {
      const where = { orgId: org, gns: { in: [...gnsIds] } };
      const rows = await db.target.findMany({ where, distinct: ['cluster'], select: { cluster: true } });
      return new Set(rows.map(({ cluster }) => cluster));
    },
    changedSince: async (version, limit) => {
      const where = { orgId: org, version: { gt: BigInt(version) } };
      const orderBy = [{ version: 'asc' as const }, { cluster: 'asc' as const }, { gns: 'asc' as const }];
      return (await db.target.findMany({ where, orderBy, take: limit })).map(record);
    },
    move: (moves) => move(context, moves),
    close: async (cluster, gns, seq) => {
      const version = await bumpLine(context, 'target');
      const closed = await db.target.updateMany({
        where: { orgId: org, cluster, gns, seq: BigInt(seq), state: 'LEAVING' },
        data: { state: 'CLOSED', version },
      });
      return closed.count === 1;
    },
    acknowledge: async (from, reports) =>
      (await acknowledgeAll(context, [{ from, reports }])).size === 0 ? 'written' : 'fenced',
    acknowledgeAll: (all) => acknowledgeAll(context, all),
    acknowledged: (gns) => acknowledged(context, gns),
    ready: (gns) => ready(context, gns),
    given: (cluster, trees) => given(context, cluster, trees),
    liveRoots: () => liveRoots(context),
  };
}

/** An agent that was away for longer gets the whole tree. */
const REMEMBERED_TREES = 32;

async function given({ db, org }: Context, cluster: string, trees: readonly LineTree[]): Promise<LineTree[]> {
  if (trees.length === 0) return [];
  return db.$queryRaw<LineTree[]>`
    SELECT a.gns, a.line, a.root FROM jsonb_to_recordset(${rowsOf(trees)}::jsonb) AS a(gns text, line text, root text)
    JOIN target t ON t.org_id = ${org} AND t.cluster = ${cluster} AND t.gns = a.gns
    WHERE CASE a.line
      WHEN 'policy' THEN t.root = a.root OR a.root = ANY(t.given)
      WHEN 'catalog' THEN t.state <> 'CLOSED' AND EXISTS (
        SELECT 1 FROM catalog_root c WHERE c.org_id = ${org} AND c.gns = a.gns AND c.root = a.root)
      ELSE false END`;
}

/** All moves in one statement; a row moves only if its seq is the one seen and the new pair is lexicographically greater. */
async function move(context: Context, moves: readonly TargetMove[]): Promise<MoveOutcome> {
  if (moves.length === 0) return { moved: [], conflicts: [] };
  const { db, org } = context;
  const version = await bumpLine(context, 'target');
  const rows = rowsOf(moves.map(({ next, ...rest }) => ({ ...rest, ...next })));
  const moved = await db.$queryRaw<{ cluster: string; gns: string; seq: bigint }[]>`
    INSERT INTO target AS t (org_id, cluster, gns, state, epoch, seq, root, min_catalog_seq, revision, statement, signature, version, moved_at)
    SELECT ${org}, m.cluster, m.gns, m.state, m.epoch, m.seq, m.root, m."minCatalogSeq", m.revision, m.statement, m.signature, ${version}, now()
    FROM jsonb_to_recordset(${rows}::jsonb) AS m(cluster text, gns text, state text, epoch int, seq bigint, root text,
      "minCatalogSeq" bigint, revision int, statement text, signature text, "expectedSeq" bigint)
    WHERE m."expectedSeq" = COALESCE((SELECT seq FROM target o WHERE o.org_id = ${org} AND o.cluster = m.cluster AND o.gns = m.gns), 0)
    ORDER BY m.cluster, m.gns
    ON CONFLICT (org_id, cluster, gns) DO UPDATE SET state = EXCLUDED.state, epoch = EXCLUDED.epoch, seq = EXCLUDED.seq,
      root = EXCLUDED.root, min_catalog_seq = EXCLUDED.min_catalog_seq, revision = EXCLUDED.revision,
      statement = EXCLUDED.statement, signature = EXCLUDED.signature, version = EXCLUDED.version, moved_at = EXCLUDED.moved_at,
      given = (array_prepend(t.root, array_remove(t.given, t.root)))[1:${REMEMBERED_TREES}::int]
    WHERE (EXCLUDED.epoch, EXCLUDED.seq) > (t.epoch, t.seq)
    RETURNING cluster, gns, seq`;
  const done = new Set(moved.map((row) => `${row.cluster} ${row.gns}`));
  const refused = moves.filter((each) => !done.has(`${each.cluster} ${each.gns}`));
  const places = refused.map(({ cluster, gns }) => ({ cluster, gns }));
  const current = places.length === 0 ? [] : await db.target.findMany({ where: { orgId: org, OR: places } });
  return {
    moved: moved.map((row) => ({ ...row, seq: Number(row.seq) })),
    conflicts: refused.map(({ cluster, gns }) => {
      const row = current.find((each) => each.cluster === cluster && each.gns === gns);
      return { cluster, gns, current: row === undefined ? undefined : record(row) };
    }),
  };
}

async function liveRoots({ db, org }: Context): Promise<string[]> {
  const rows = await db.$queryRaw<{ root: string }[]>`
    SELECT root FROM target WHERE org_id = ${org} AND state <> 'CLOSED'
    UNION SELECT root FROM applied WHERE org_id = ${org}
    UNION SELECT policy_root FROM gns_head WHERE org_id = ${org} AND policy_root IS NOT NULL
    UNION SELECT catalog_root FROM gns_head WHERE org_id = ${org} AND catalog_root IS NOT NULL
    UNION SELECT r.root FROM gns_revision r JOIN gns_head h ON h.org_id = r.org_id AND h.gns = r.gns
      WHERE r.org_id = ${org} AND r.number >= h.policy_revision - 1
    ORDER BY root`;
  return rows.map((row) => row.root);
}

function record(row: Target): TargetRecord {
  return {
    cluster: row.cluster,
    gns: row.gns,
    state: row.state as TargetState,
    ref: { epoch: row.epoch, seq: Number(row.seq), root: row.root },
    minCatalogSeq: Number(row.minCatalogSeq),
    revision: row.revision ?? undefined,
    statement: row.statement,
    signature: row.signature,
    version: Number(row.version),
    movedAt: row.movedAt,
  };
}
