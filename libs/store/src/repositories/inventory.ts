import { isDeepStrictEqual } from 'node:util';
import { bumpLine, type Context, holdSession, notifyAgents, readLine, rowsOf } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf, rowsOfTable, table } from '../client/table.js';
import { type InventoryHead, Prisma } from '../generated/client.js';
import type { InventoryHeadRecord, InventoryRepository, InventoryUpdate } from '../types/inventory.js';
import { reportedAgain } from './lives.js';
import { addOutbox } from './outbox.js';

const HEADS = table<InventoryHead>('inventory_head', Prisma.InventoryHeadScalarFieldEnum, {
  dates: { observedAt: true },
  bigints: { seq: true, version: true },
});

/** What is known of the inventories of clusters. */
export function inventoryReads(context: ReadContext): Pick<InventoryRepository, 'heads'> {
  return {
    heads: async (clusters) =>
      (await rowsOfTable(context, HEADS, { where: isOneOf('cluster', clusters), orderBy: 'cluster' })).map(record),
  };
}

export function inventoryRepository(context: Context): InventoryRepository {
  const { db, org } = context;
  return {
    head: async (cluster) => {
      const row = await db.inventoryHead.findUnique({ where: { orgId_cluster: { orgId: org, cluster } } });
      return row === null ? undefined : record(row);
    },
    ...inventoryReads(context),
    namespaces: async (clusters, names) => {
      const namespace = names === undefined ? undefined : { in: [...names] };
      const rows = await db.inventoryNamespace.findMany({
        where: { orgId: org, cluster: { in: [...clusters] }, namespace },
        orderBy: [{ cluster: 'asc' }, { namespace: 'asc' }],
      });
      return rows.map(({ orgId: _org, ...row }) => row);
    },
    outlines: (clusters) =>
      db.inventoryNamespace.findMany({
        where: { orgId: org, cluster: { in: [...clusters] } },
        orderBy: [{ cluster: 'asc' }, { namespace: 'asc' }],
        select: { cluster: true, namespace: true, hash: true, readable: true },
      }),
    apply: (from, update) => apply(context, from, update),
    confirm: (from) => confirm(context, from),
    forget: async (cluster) => {
      await bumpLine(context, 'inventory');
      await db.inventoryNamespace.deleteMany({ where: { orgId: org, cluster } });
      await db.inventoryHead.deleteMany({ where: { orgId: org, cluster } });
      await addOutbox(context, { topic: 'inventory.changed', subject: cluster });
    },
    version: () => readLine(context, 'inventory'),
  };
}

async function apply(
  context: Context,
  from: { cluster: string; session: number },
  update: InventoryUpdate,
): Promise<'written' | 'fenced' | 'gap'> {
  if (!(await holdSession(context, from))) return 'fenced';
  const { db, org } = context;
  const before = await db.inventoryHead.findUnique({ where: { orgId_cluster: { orgId: org, cluster: from.cluster } } });
  if (update.prevSeq !== undefined && !continues(before, update)) return 'gap';
  const changed = await writeNamespaces(context, from.cluster, update);
  const moved = changed || headMoved(before, update);
  const version = moved ? await bumpLine(context, 'inventory') : (before?.version ?? 0n);
  const row = headRow(update, version);
  await db.inventoryHead.upsert({
    where: { orgId_cluster: { orgId: org, cluster: from.cluster } },
    create: { orgId: org, cluster: from.cluster, ...row },
    update: { ...row, observedAt: await databaseNow(context) },
    select: { cluster: true },
  });
  await tell(context, from.cluster, { before, update, moved });
  return 'written';
}

/** Only a complete view is announced, so it is known to be one again. */
async function confirm(context: Context, from: { cluster: string; session: number }): Promise<'written' | 'fenced'> {
  if (!(await holdSession(context, from))) return 'fenced';
  const { db, org } = context;
  const partial = await db.inventoryHead.count({ where: { orgId: org, cluster: from.cluster, complete: false } });
  if (partial > 0) {
    const version = await bumpLine(context, 'inventory');
    await db.$executeRaw`
      UPDATE inventory_head SET complete = true, version = ${version} WHERE org_id = ${org} AND cluster = ${from.cluster}`;
    await addOutbox(context, { topic: 'inventory.changed', subject: from.cluster });
  }
  await db.$executeRaw`
    UPDATE inventory_head SET observed_at = now() WHERE org_id = ${org} AND cluster = ${from.cluster}`;
  return 'written';
}

function headRow(update: InventoryUpdate, version: bigint) {
  const { bootId, root, complete, seq } = update;
  return {
    ...{ bootId, root, complete, version, seq: BigInt(seq) },
    facts: update.facts as Prisma.InputJsonValue,
  };
}

/** A delta counts only on exactly what it was made from. */
function continues(before: InventoryHead | null, update: InventoryUpdate): boolean {
  return before?.bootId === update.bootId && Number(before.seq) === update.prevSeq;
}

/** A new boot with the same content is no change for anyone downstream. */
function headMoved(before: InventoryHead | null, update: InventoryUpdate): boolean {
  if (before === null) return true;
  if (before.complete !== update.complete || before.root !== update.root) return true;
  return !isDeepStrictEqual(before.facts, JSON.parse(JSON.stringify(update.facts)));
}

async function tell(
  context: Context,
  cluster: string,
  { before, update, moved }: { before: InventoryHead | null; update: InventoryUpdate; moved: boolean },
): Promise<void> {
  if (before === null) await reportedAgain(context, cluster);
  if (tellsMore(before, update)) await notifyAgents(context, cluster, 'inventory');
  if (moved) await addOutbox(context, { topic: 'inventory.changed', subject: cluster });
}

/** What is known of the cluster as a whole changed, so that whoever watches it looks again. */
function tellsMore(before: InventoryHead | null, update: InventoryUpdate): boolean {
  if (before?.complete !== update.complete) return true;
  return !isDeepStrictEqual(before.facts, JSON.parse(JSON.stringify(update.facts)));
}

async function writeNamespaces({ db, org }: Context, cluster: string, update: InventoryUpdate): Promise<boolean> {
  let changed = 0;
  const put = [...new Map(update.put.map((each) => [each.namespace, each])).values()];
  if (put.length > 0) {
    changed += await db.$executeRaw`
      INSERT INTO inventory_namespace AS n (org_id, cluster, namespace, hash, body, readable, observed_at)
      SELECT ${org}, ${cluster}, p.namespace, p.hash, p.body, p.readable, now()
      FROM jsonb_to_recordset(${rowsOf(put)}::jsonb) AS p(namespace text, hash text, body text, readable boolean)
      ON CONFLICT (org_id, cluster, namespace) DO UPDATE
        SET hash = EXCLUDED.hash, body = EXCLUDED.body, readable = EXCLUDED.readable, observed_at = EXCLUDED.observed_at
      WHERE (n.hash, n.readable) IS DISTINCT FROM (EXCLUDED.hash, EXCLUDED.readable)`;
  }
  if (update.remove.length > 0) {
    const gone = await db.inventoryNamespace.deleteMany({
      where: { orgId: org, cluster, namespace: { in: [...update.remove] } },
    });
    changed += gone.count;
  }
  return changed > 0;
}

async function databaseNow({ db }: Context): Promise<Date> {
  const rows = await db.$queryRaw<{ now: Date }[]>`SELECT now() AS now`;
  return rows[0]?.now ?? new Date();
}

function record(row: InventoryHead): InventoryHeadRecord {
  return {
    cluster: row.cluster,
    bootId: row.bootId,
    seq: Number(row.seq),
    root: row.root,
    complete: row.complete,
    facts: row.facts,
    observedAt: row.observedAt,
    version: Number(row.version),
  };
}
