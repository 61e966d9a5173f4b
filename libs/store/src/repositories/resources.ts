import type { LabelExpression, Resource, ResourceKind } from '@isthmus/domain';
import { type Context, readLine } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { hasText, isOneOf, rowsOfTable, table } from '../client/table.js';
import { Prisma } from '../generated/client.js';
import type { ResourceRow } from '../generated/client.js';
import type { Page, PageRequest } from '../types/audit.js';
import type {
  ResourceChange,
  ResourceFilter,
  ResourceGeneration,
  ResourceKey,
  ResourceOrder,
  ResourceReader,
  ResourceRecord,
} from '../types/resources.js';
import { BadCursorError, decodeCursor, decodeVersion, pageOf, pageOffset, pageSize } from './paging.js';
import { withinOneOf } from './resource-bounds.js';

const COLUMNS = { name: 'name', createdAt: 'created_at', updatedAt: 'updated_at' } as const;

const RESOURCES = table<ResourceRow>('resource', Prisma.ResourceRowScalarFieldEnum, {
  dates: { createdAt: true, updatedAt: true },
  bigints: { version: true },
});

/** Resources by what they are known by. */
export function resourceReads(
  context: ReadContext,
): Pick<ResourceReader, 'get' | 'byUid' | 'byUids' | 'byUidsOrNames' | 'all'> {
  const read = async (where: Prisma.Sql, orderBy: string) =>
    (await rowsOfTable(context, RESOURCES, { where, orderBy })).map(record);
  const byUids = (uids: readonly string[]) => read(isOneOf('uid', uids), 'uid');
  return {
    get: async ({ kind, project, name }) =>
      (await read(Prisma.sql`kind = ${kind} AND project = ${project} AND name = ${name}`, 'uid'))[0],
    byUid: async (uid) => (await byUids([uid]))[0],
    byUids,
    byUidsOrNames: (kind, refs) =>
      read(
        Prisma.sql`kind = ${kind} AND (${isOneOf('uid', refs)} OR (project = '' AND ${isOneOf('name', refs)}))`,
        'uid',
      ),
    all: (kinds) => read(isOneOf('kind', kinds), 'kind, project, name'),
  };
}

export function resourceReader(context: Context): ResourceReader {
  const { db, org } = context;
  return {
    ...resourceReads(context),
    list: (filter, page, order) => listResources(context, filter, { ...page, order }),
    count: async (filter) => {
      const rows = await db.$queryRaw<{ count: bigint }[]>`
        SELECT count(*) FROM resource WHERE ${Prisma.join(conditions(org, filter), ' AND ')}`;
      return Number(rows[0]?.count ?? 0n);
    },
    history: (uid, page) => history(context, uid, page),
    specVersion: () => readLine(context, 'spec'),
    changesBetween: (after, upTo) => changesBetween(context, after, upTo),
  };
}

async function history({ db, org }: Context, uid: string, page: PageRequest): Promise<Page<ResourceGeneration>> {
  const first = pageSize(page.first);
  const after = page.after === undefined ? undefined : decodeVersion(page.after);
  const rows = await db.resourceGeneration.findMany({
    where: { orgId: org, uid, version: after === undefined ? undefined : { lt: after } },
    orderBy: { version: 'desc' },
    skip: pageOffset(page.offset),
    take: first + 1,
  });
  return pageOf(rows, first, {
    cursor: (row) => [row.version.toString()],
    record: (row) => ({
      uid: row.uid,
      kind: row.kind as ResourceKind,
      project: row.project,
      name: row.name,
      generation: row.generation,
      resourceVersion: row.version.toString(),
      labels: row.labels as Record<string, string>,
      annotations: row.annotations as Record<string, string>,
      spec: row.spec as unknown as Resource['spec'],
      deleted: row.deleted,
      at: row.at,
      actor: row.actor,
    }),
  });
}

async function changesBetween({ db, org }: Context, after: number, upTo: number): Promise<ResourceChange[]> {
  const rows = await db.resourceGeneration.findMany({
    where: { orgId: org, version: { gt: BigInt(after), lte: BigInt(upTo) } },
    orderBy: { version: 'asc' },
    select: { kind: true, project: true, name: true, actor: true },
  });
  return rows.map((row) => ({ ...row, kind: row.kind as ResourceKind }));
}

/** Keyset paging in the order asked for; ties are broken by uid, so no row is shown twice or left out. */
async function listResources(
  context: Context,
  filter: ResourceFilter,
  page: PageRequest & { order?: ResourceOrder },
): Promise<Page<ResourceRecord>> {
  const first = pageSize(page.first);
  const order = page.order ?? { field: 'name', direction: 'ASC' };
  const rows = await context.db.$queryRaw<ResourceRow[]>`
    SELECT org_id AS "orgId", uid, kind, project, name, labels, annotations, spec, generation, version,
      created_at AS "createdAt", updated_at AS "updatedAt"
    FROM resource WHERE ${Prisma.join(conditions(context.org, filter, { after: page.after, order }), ' AND ')}
    ORDER BY ${ordering(order)} LIMIT ${first + 1} OFFSET ${pageOffset(page.offset)}`;
  return pageOf(rows, first, { record, cursor: (row) => [positionOf(row, order), row.uid] });
}

function conditions(
  org: string,
  filter: ResourceFilter,
  place?: { after?: string; order: ResourceOrder },
): Prisma.Sql[] {
  const found = [Prisma.sql`org_id = ${org}`, withinOneOf(filter.within)];
  if (filter.kinds !== undefined) found.push(Prisma.sql`kind = ANY(${[...filter.kinds]})`);
  if (filter.project !== undefined) found.push(Prisma.sql`project = ${filter.project}`);
  if (filter.names !== undefined) found.push(Prisma.sql`name = ANY(${[...filter.names]})`);
  if (filter.uids !== undefined) found.push(Prisma.sql`uid = ANY(${[...filter.uids]})`);
  for (const expression of filter.labelExpressions ?? []) found.push(labelCondition(expression));
  if (filter.search !== undefined) found.push(hasText('name', filter.search));
  if (place?.after !== undefined) found.push(beyond(place.after, place.order));
  return found;
}

function labelCondition({ key, operator, values = [] }: LabelExpression): Prisma.Sql {
  const isOne = Prisma.sql`coalesce(labels ->> ${key} = ANY(${[...values]}), false)`;
  switch (operator) {
    case 'In':
      return isOne;
    case 'NotIn':
      return Prisma.sql`NOT ${isOne}`;
    case 'Exists':
      return Prisma.sql`jsonb_exists(labels, ${key})`;
    case 'DoesNotExist':
      return Prisma.sql`NOT jsonb_exists(labels, ${key})`;
  }
}

function ordering({ field, direction }: ResourceOrder): Prisma.Sql {
  const column = Prisma.raw(COLUMNS[field]);
  return direction === 'ASC' ? Prisma.sql`${column} ASC, uid ASC` : Prisma.sql`${column} DESC, uid DESC`;
}

function beyond(after: string, { field, direction }: ResourceOrder): Prisma.Sql {
  const [position = '', uid = ''] = decodeCursor(after, 2);
  const column = Prisma.raw(COLUMNS[field]);
  const than = Prisma.raw(direction === 'ASC' ? '>' : '<');
  if (field === 'name') return Prisma.sql`(${column}, uid) ${than} (${position}, ${uid})`;
  if (Number.isNaN(Date.parse(position))) throw new BadCursorError();
  return Prisma.sql`(${column}, uid) ${than} (${position}::timestamptz, ${uid})`;
}

function positionOf(row: ResourceRow, order: ResourceOrder): string {
  return order.field === 'name' ? row.name : row[order.field].toISOString();
}

export function only(key: ResourceKey): ResourceKey {
  return { kind: key.kind, project: key.project, name: key.name };
}

export function record(row: ResourceRow): ResourceRecord {
  return {
    uid: row.uid,
    kind: row.kind as ResourceKind,
    project: row.project,
    name: row.name,
    labels: row.labels as Record<string, string>,
    annotations: row.annotations as Record<string, string>,
    spec: row.spec as unknown as Resource['spec'],
    generation: row.generation,
    resourceVersion: row.version.toString(),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
