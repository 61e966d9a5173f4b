import type { Context } from '../client/context.js';
import type { ObjectRepository, StoredObject } from '../types/revisions.js';

/** Keeps one statement well below the protocol's limits. */
const BATCH = 1_000;

export function objectRepository({ db, org }: Context): ObjectRepository {
  const read = async (hashes: readonly string[]) =>
    db.treeObject.findMany({
      where: { orgId: org, hash: { in: [...hashes] } },
      select: { hash: true, kind: true, bytes: true },
    });
  return {
    put: async (objects) => {
      const distinct = new Map(objects.map((object) => [object.hash, object]));
      const sorted = [...distinct.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1));
      for (let start = 0; start < sorted.length; start += BATCH)
        await putBatch({ db, org }, sorted.slice(start, start + BATCH));
    },
    get: async (hashes) => {
      const found = new Map<string, StoredObject>();
      for (let start = 0; start < hashes.length; start += BATCH) {
        for (const row of await read(hashes.slice(start, start + BATCH))) found.set(row.hash, row);
      }
      return found;
    },
    missing: async (hashes) => {
      const rows = await db.$queryRaw<{ hash: string }[]>`
        SELECT wanted.hash FROM unnest(${[...hashes]}::text[]) AS wanted(hash)
        WHERE NOT EXISTS (SELECT 1 FROM tree_object o WHERE o.org_id = ${org} AND o.hash = wanted.hash)`;
      return rows.map((row) => row.hash);
    },
    untouchedSince: async (before, { limit, after }) => {
      const rows = await db.treeObject.findMany({
        where: { orgId: org, touchedAt: { lt: before }, hash: after === undefined ? undefined : { gt: after } },
        orderBy: { hash: 'asc' },
        take: limit,
        select: { hash: true },
      });
      return rows.map((row) => row.hash);
    },
    collect: async (hashes, before) => {
      const gone = await db.treeObject.deleteMany({
        where: { orgId: org, hash: { in: [...hashes] }, touchedAt: { lt: before } },
      });
      return gone.count;
    },
  };
}

/** Touching again within the hour is left out: most objects of a new tree are those of the old one. */
async function putBatch({ db, org }: Pick<Context, 'db' | 'org'>, batch: readonly StoredObject[]): Promise<void> {
  const hashes = batch.map((object) => object.hash);
  const kinds = batch.map((object) => object.kind);
  const bytes = batch.map((object) => Buffer.from(object.bytes).toString('hex'));
  await db.$executeRaw`
    INSERT INTO tree_object (org_id, hash, kind, bytes, touched_at)
    SELECT ${org}, o.hash, o.kind, decode(o.bytes, 'hex'), now()
    FROM unnest(${hashes}::text[], ${kinds}::text[], ${bytes}::text[]) AS o(hash, kind, bytes)
    ON CONFLICT (org_id, hash) DO UPDATE SET touched_at = now() WHERE tree_object.touched_at < now() - interval '1 hour'`;
}
