import { bumpLine, type Context, notifyAgents } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf, rowsOfTable, table } from '../client/table.js';
import { type HeldDeletion, Prisma } from '../generated/client.js';
import type { HoldKind, HoldRecord, HoldRepository } from '../types/holds.js';
import { addOutbox } from './outbox.js';

const HOLDS = table<HeldDeletion>('held_deletion', Prisma.HeldDeletionScalarFieldEnum, {
  dates: { since: true, approvedAt: true },
  bigints: { version: true },
});

/** Deletions that wait. */
export function holdReads(context: ReadContext): Pick<HoldRepository, 'list'> {
  return {
    list: async ({ cluster, gns, kind }) => {
      const only = (column: string, value: string | undefined) =>
        isOneOf(column, value === undefined ? undefined : [value]);
      const where = Prisma.join([only('cluster', cluster), only('gns', gns), only('kind', kind)], ' AND ');
      return (await rowsOfTable(context, HOLDS, { where, orderBy: 'id' })).map(record);
    },
  };
}

export function holdRepository(context: Context): HoldRepository {
  const { db, org, ids } = context;
  return {
    hold: async ({ cluster, kind, gns = '', setHash, items, count = items.length }) => {
      const version = await bumpLine(context, 'hold');
      await db.$executeRaw`
        INSERT INTO held_deletion AS h (org_id, id, cluster, kind, gns, set_hash, items, count, version)
        VALUES (${org}, ${ids.uuid()}, ${cluster}, ${kind}, ${gns}, ${setHash}, ${JSON.stringify([...items].sort())}::jsonb, ${count}, ${version})
        ON CONFLICT (org_id, cluster, kind, gns) DO UPDATE SET set_hash = EXCLUDED.set_hash, items = EXCLUDED.items, count = EXCLUDED.count,
          approved_by = NULL, approved_at = NULL, version = EXCLUDED.version
        WHERE h.set_hash <> EXCLUDED.set_hash`;
      const where = { orgId_cluster_kind_gns: { orgId: org, cluster, kind, gns } };
      return record(await db.heldDeletion.findUniqueOrThrow({ where }));
    },
    approve: async (id, setHash, by) => {
      const version = await bumpLine(context, 'hold');
      const where = { orgId_id: { orgId: org, id } };
      const before = await db.heldDeletion.findUnique({ where });
      if (before === null) return { outcome: 'absent' };
      if (before.setHash !== setHash) return { outcome: 'changed', record: record(before) };
      if (before.approvedAt !== null) return { outcome: 'already', record: record(before) };
      const data = { approvedBy: by, approvedAt: context.clock.now(), version };
      const row = await db.heldDeletion.update({ where, data });
      const { kind, cluster, gns } = row;
      await addOutbox(context, { topic: 'hold.approved', subject: id, ids: { kind, cluster, gns } });
      if (cluster !== '') await notifyAgents(context, cluster, 'approved');
      return { outcome: 'approved', record: record(row) };
    },
    get: async (id) => {
      const row = await db.heldDeletion.findUnique({ where: { orgId_id: { orgId: org, id } } });
      return row === null ? undefined : record(row);
    },
    ...holdReads(context),
    clear: async (cluster, kind, gns = '') => {
      const gone = await db.heldDeletion.deleteMany({ where: { orgId: org, cluster, kind, gns } });
      if (gone.count > 0) await bumpLine(context, 'hold');
      return gone.count > 0;
    },
  };
}

function record(row: HeldDeletion): HoldRecord {
  return {
    id: row.id,
    cluster: row.cluster,
    kind: row.kind as HoldKind,
    gns: row.gns,
    setHash: row.setHash,
    items: row.items as string[],
    count: row.count ?? (row.items as string[]).length,
    since: row.since,
    approvedBy: row.approvedBy ?? undefined,
    approvedAt: row.approvedAt ?? undefined,
    version: Number(row.version),
  };
}
