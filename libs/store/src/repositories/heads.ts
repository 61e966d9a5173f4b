import { bumpLine, type Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf, rowsOfTable, table } from '../client/table.js';
import { Prisma, type GnsHead } from '../generated/client.js';
import type {
  CatalogPublication,
  HeadRecord,
  HeadRepository,
  PolicyPublication,
  RevisionReader,
  RolloutRecord,
} from '../types/revisions.js';
import { revisionsWith } from './change-links.js';
import { BadCursorError, decodeCursor, pageOf, pageOffset, pageSize } from './paging.js';
import { revisionRecord } from './revision-record.js';

export function revisionReader(context: Context): RevisionReader {
  const { db, org } = context;
  return {
    ofRoots: async (gns, roots) => {
      const where = { orgId: org, gns, root: { in: [...roots] } };
      const rows = await db.gnsRevision.findMany({ where, orderBy: { number: 'desc' }, distinct: ['root'] });
      return rows.map(revisionRecord);
    },
    withChange: (change, page) => revisionsWith(context, change, page),
    get: async (gns, number) => {
      const row = await db.gnsRevision.findUnique({ where: { orgId_gns_number: { orgId: org, gns, number } } });
      return row === null ? undefined : revisionRecord(row);
    },
    list: async (gns, page) => {
      const first = pageSize(page.first);
      const after = page.after === undefined ? undefined : Number(decodeCursor(page.after, 1)[0]);
      if (after !== undefined && !Number.isInteger(after)) throw new BadCursorError();
      const rows = await db.gnsRevision.findMany({
        where: { orgId: org, gns, number: { lt: after } },
        orderBy: { number: 'desc' },
        skip: pageOffset(page.offset),
        take: first + 1,
      });
      return pageOf(rows, first, { record: revisionRecord, cursor: (row) => [String(row.number)] });
    },
  };
}

const HEADS = table<GnsHead>('gns_head', Prisma.GnsHeadScalarFieldEnum, {
  dates: { updatedAt: true, rolloutDue: true },
  bigints: { specVersion: true, catalogSeq: true, inventoryVersion: true, version: true },
});

/** What was published last of global namespaces. */
export function headReads(context: ReadContext): Pick<HeadRepository, 'list'> {
  return {
    list: async (gnsIds) =>
      (await rowsOfTable(context, HEADS, { where: isOneOf('gns', gnsIds), orderBy: 'gns' })).map(headRecord),
  };
}

export function headRepository(context: Context): HeadRepository {
  const { db, org } = context;
  return {
    get: async (gns) => {
      const row = await db.gnsHead.findUnique({ where: { orgId_gns: { orgId: org, gns } } });
      return row === null ? undefined : headRecord(row);
    },
    ...headReads(context),
    lock: (gns) => lockHead(context, gns),
    changedSince: async (version, limit) => {
      const where = { orgId: org, version: { gt: BigInt(version) } };
      return (await db.gnsHead.findMany({ where, orderBy: [{ version: 'asc' }, { gns: 'asc' }], take: limit })).map(
        headRecord,
      );
    },
    publishPolicy: (input) => publishPolicy(context, input),
    publishCatalog: (input) => publishCatalog(context, input),
    confirmCatalog: async (gns, inventoryVersion, issues) => {
      const version = await bumpLine(context, 'head');
      await db.$executeRaw`
        UPDATE gns_head SET inventory_version = ${inventoryVersion}, catalog_issues = ${JSON.stringify(issues)}::jsonb,
          version = ${version}, updated_at = now()
        WHERE org_id = ${org} AND gns = ${gns} AND inventory_version <= ${inventoryVersion}`;
    },
    ...rollouts(context),
    remove: async (gns) => {
      await bumpLine(context, 'head');
      await db.gnsHead.deleteMany({ where: { orgId: org, gns } });
      await db.catalogRoot.deleteMany({ where: { orgId: org, gns } });
    },
  };
}

function rollouts(context: Context): Pick<HeadRepository, 'setRollout' | 'rolling' | 'dueRollouts'> {
  const { db, org } = context;
  return {
    setRollout: async (gns, rollout, due) => {
      const version = await bumpLine(context, 'head');
      await db.gnsHead.update({
        where: { orgId_gns: { orgId: org, gns } },
        data: { rollout: rollout === undefined ? Prisma.DbNull : { ...rollout }, rolloutDue: due ?? null, version },
        select: { gns: true },
      });
    },
    rolling: async (gnsIds) => {
      const where = { orgId: org, gns: { in: [...gnsIds] }, rollout: { not: Prisma.DbNull } };
      return (await db.gnsHead.findMany({ where, select: { gns: true } })).map(({ gns }) => gns);
    },
    dueRollouts: async (limit) => {
      const rows = await db.$queryRaw<{ gns: string }[]>`
        SELECT gns FROM gns_head WHERE org_id = ${org} AND rollout_due <= now() ORDER BY rollout_due LIMIT ${limit}`;
      return rows.map(({ gns }) => gns);
    },
  };
}

/** The row is made if it is not there, and stays locked until the transaction ends. */
async function lockHead({ db, org }: Context, gns: string): Promise<HeadRecord> {
  const lock = () => db.$queryRaw<unknown[]>`
    SELECT 1 FROM gns_head WHERE org_id = ${org} AND gns = ${gns} FOR UPDATE`;
  if ((await lock()).length === 0) {
    await db.$executeRaw`INSERT INTO gns_head (org_id, gns) VALUES (${org}, ${gns}) ON CONFLICT (org_id, gns) DO NOTHING`;
    await lock();
  }
  return headRecord(await db.gnsHead.findUniqueOrThrow({ where: { orgId_gns: { orgId: org, gns } } }));
}

async function publishPolicy(context: Context, input: PolicyPublication): ReturnType<HeadRepository['publishPolicy']> {
  const { db, org } = context;
  const head = await lockHead(context, input.gns);
  if (head.specVersion > input.specVersion) return { outcome: 'stale', current: head };
  const same = head.policyRoot === input.root && head.compilerVersion === input.compilerVersion;
  const revision = same ? head.policyRevision : head.policyRevision + 1;
  if (!same) {
    await db.gnsRevision.create({
      data: {
        orgId: org,
        gns: input.gns,
        number: revision,
        root: input.root,
        compilerVersion: input.compilerVersion,
        specVersion: BigInt(input.specVersion),
      },
      select: { number: true },
    });
  }
  const version = await bumpLine(context, 'head');
  await db.$executeRaw`
    UPDATE gns_head SET spec_version = ${input.specVersion}, policy_revision = ${revision}, policy_root = ${input.root},
      compiler_version = ${input.compilerVersion}, policy_issues = ${JSON.stringify(input.issues)}::jsonb,
      version = ${version}, updated_at = now()
    WHERE org_id = ${org} AND gns = ${input.gns}`;
  return { outcome: same ? 'same' : 'published', revision };
}

/** The pair must grow lexicographically, and the writer must have seen the newest one. */
async function publishCatalog(
  context: Context,
  input: CatalogPublication,
): ReturnType<HeadRepository['publishCatalog']> {
  const { db, org } = context;
  const head = await lockHead(context, input.gns);
  const { epoch, seq, root } = input.next;
  const grows = epoch > head.catalogEpoch || (epoch === head.catalogEpoch && seq > head.catalogSeq);
  if (head.catalogSeq !== input.expectedSeq || !grows) return { outcome: 'conflict', current: head };
  const version = await bumpLine(context, 'head');
  await db.$executeRaw`
    UPDATE gns_head SET catalog_epoch = ${epoch}, catalog_seq = ${seq}, catalog_root = ${root},
      catalog_statement = ${input.statement}, catalog_signature = ${input.signature},
      inventory_version = ${input.inventoryVersion}, catalog_issues = ${JSON.stringify(input.issues)}::jsonb,
      version = ${version}, updated_at = now()
    WHERE org_id = ${org} AND gns = ${input.gns}`;
  await remember(context, input);
  return { outcome: 'moved' };
}

const REMEMBERED_CATALOGS = 1000;

async function remember({ db, org }: Context, { gns, next }: CatalogPublication): Promise<void> {
  await db.$executeRaw`
    WITH old AS (DELETE FROM catalog_root WHERE org_id = ${org} AND gns = ${gns} AND seq <= ${next.seq - REMEMBERED_CATALOGS})
    INSERT INTO catalog_root (org_id, gns, seq, root) VALUES (${org}, ${gns}, ${next.seq}, ${next.root})
    ON CONFLICT (org_id, gns, seq) DO UPDATE SET root = EXCLUDED.root`;
}

function headRecord(row: GnsHead): HeadRecord {
  return {
    gns: row.gns,
    specVersion: Number(row.specVersion),
    policyRevision: row.policyRevision,
    policyRoot: row.policyRoot ?? undefined,
    compilerVersion: row.compilerVersion,
    catalogEpoch: row.catalogEpoch,
    catalogSeq: Number(row.catalogSeq),
    catalogRoot: row.catalogRoot ?? undefined,
    catalogStatement: row.catalogStatement ?? undefined,
    catalogSignature: row.catalogSignature ?? undefined,
    inventoryVersion: Number(row.inventoryVersion),
    policyIssues: row.policyIssues as unknown[],
    catalogIssues: row.catalogIssues as unknown[],
    rollout: (row.rollout ?? undefined) as RolloutRecord | undefined,
    version: Number(row.version),
    updatedAt: row.updatedAt,
  };
}
