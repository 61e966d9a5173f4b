import { Prisma } from '../generated/client.js';
import type { OneOrSome } from '../types/one-or-some.js';
import type { ReadContext } from './rows.js';

type KeysOf<Row, T> = { [K in keyof Row]-?: NonNullable<Row[K]> extends T ? K : never }[keyof Row] & string;

/** A table as the generated client knows it, with what JSON does not tell: which of its columns are times and large numbers. */
export interface Table<Row> {
  name: string;
  columns: Prisma.Sql;
  dates: readonly KeysOf<Row, Date>[];
  bigints: readonly KeysOf<Row, bigint>[];
}

/** A table by the fields of its model; a column is named as its field, in snake case. */
export function table<Row>(
  name: string,
  fields: Record<keyof Row & string, string>,
  types: { dates: Record<KeysOf<Row, Date>, true>; bigints: Record<KeysOf<Row, bigint>, true> },
): Table<Row> {
  const columns = Object.keys(fields).map((field) => `"${snakeCase(field)}" AS "${field}"`);
  return {
    name,
    columns: Prisma.raw(columns.join(', ')),
    dates: Object.keys(types.dates) as KeysOf<Row, Date>[],
    bigints: Object.keys(types.bigints) as KeysOf<Row, bigint>[],
  };
}

function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Which rows of a table of the organization, and in which order; `distinctOn` keeps the first of each. */
export interface Choice {
  where: Prisma.Sql;
  orderBy?: string;
  limit?: number;
  distinctOn?: string;
}

/** Rows of the organization, as the generated client would give them. */
export async function rowsOfTable<Row>(
  { org, rows }: Pick<ReadContext, 'org' | 'rows'>,
  of: Table<Row>,
  choice: Choice,
): Promise<Row[]> {
  return revived(await rows<Record<string, unknown>>(tableQuery(org, of, choice)), of);
}

/** The same as a query, for a flight whose organization may be told by an expression; `revived` reads its rows. */
export function tableQuery<Row>(
  org: string | Prisma.Sql,
  of: Table<Row>,
  { where, orderBy, distinctOn, limit }: Choice,
): Prisma.Sql {
  const distinct = distinctOn === undefined ? Prisma.empty : Prisma.raw(`DISTINCT ON (${distinctOn}) `);
  const order = orderBy === undefined ? Prisma.empty : Prisma.raw(` ORDER BY ${orderBy}`);
  const most = limit === undefined ? Prisma.empty : Prisma.sql` LIMIT ${limit}`;
  return Prisma.sql`SELECT ${distinct}${of.columns} FROM ${Prisma.raw(of.name)} WHERE org_id = ${org} AND ${where}${order}${most}`;
}

/** Rows of JSON with what JSON has no form for. */
export function revived<Row>(rows: readonly Record<string, unknown>[], { dates, bigints }: Table<Row>): Row[] {
  for (const row of rows) {
    for (const field of dates) if (row[field] !== null) row[field] = new Date(row[field] as string);
    for (const field of bigints) if (row[field] !== null) row[field] = BigInt(row[field] as number);
  }
  return rows as Row[];
}

/** True where the column has the text in it, whatever its case; nothing in the text has a meaning of its own. */
export function hasText(column: string, text: string): Prisma.Sql {
  return Prisma.sql`strpos(lower(${Prisma.raw(column)}), lower(${text})) > 0`;
}

/** True for every row where no choice is given. */
export function isOneOf(column: string, values: OneOrSome | undefined): Prisma.Sql {
  return values === undefined ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} = ANY(${[values].flat()})`;
}
