import type { InterfaceRef, ObjectRef, ArgBuilder } from '@pothos/core';
import { GraphQLError } from 'graphql';
import type { Page, PageRequest } from '@isthmus/store';
import { builder, type Types } from './builder.js';

/** Largest page; the default is smaller. */
export const MAX_FIRST = 100;
const DEFAULT_FIRST = 20;
/** Most items that a page passes over. */
const MAX_OFFSET = 1_000_000;

/** One page of a list, as Relay's connections have it. */
export interface ConnectionModel<T> {
  records: readonly T[];
  /** Cursor of the record at that place of the page. */
  cursorAt: (place: number) => string;
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Counted only when asked for. */
  totalCount?: () => number | Promise<number>;
}

const PageInfo = builder.objectRef<Omit<ConnectionModel<unknown>, 'totalCount'>>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'True if there are items after `endCursor`.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'True if the page does not start the list.' }),
    startCursor: t.string({
      nullable: true,
      description: 'Cursor of the first item; null on an empty page.',
      resolve: ({ records, cursorAt }) => (records.length === 0 ? null : cursorAt(0)),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'Cursor of the last item: give it as `after` for the next page.',
      resolve: ({ records, cursorAt }) => (records.length === 0 ? null : cursorAt(records.length - 1)),
    }),
  }),
});

type NodeRef<T> = ObjectRef<Types, T> | InterfaceRef<Types, T>;

/** Defines `<name>Connection` and `<name>Edge` over a node type. */
export function defineConnection<T>(name: string, node: NodeRef<T>): ObjectRef<Types, ConnectionModel<T>> {
  const Edge = builder.objectRef<{ cursor: string; record: T }>(`${name}Edge`).implement({
    description: `An item of ${name}Connection.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Opaque place of this item in the list.' }),
      node: t.field({
        type: node as ObjectRef<Types, unknown>,
        description: 'The item.',
        resolve: ({ record }) => record,
      }),
    }),
  });
  return builder.objectRef<ConnectionModel<T>>(`${name}Connection`).implement({
    description: `A page of a list of ${name}.`,
    fields: (t) => ({
      edges: t.field({
        type: [Edge],
        description: 'Items with their cursors.',
        resolve: ({ records, cursorAt }) => records.map((record, place) => ({ record, cursor: cursorAt(place) })),
      }),
      nodes: t.field({
        type: [node as ObjectRef<Types, unknown>],
        description: 'Items without their cursors.',
        resolve: ({ records }) => records,
      }),
      pageInfo: t.field({ type: PageInfo, description: 'Where the page stands in the list.', resolve: (page) => page }),
      totalCount: t.int({
        nullable: true,
        description: 'Number of items in the whole list; null where it is not counted.',
        resolve: ({ totalCount }) => totalCount?.() ?? null,
      }),
    }),
  });
}

/** Arguments of every connection. */
export function pageArgs(arg: ArgBuilder<Types>) {
  return {
    first: arg.int({ defaultValue: DEFAULT_FIRST, description: `Size of the page: 1 to ${MAX_FIRST}.` }),
    after: arg.string({ description: 'Cursor of the item that the page follows.' }),
    offset: arg.int({
      description: `Items to pass over after \`after\`, 0 to ${MAX_OFFSET}: for a jump far into a list. Go on by cursors: what is passed over is read all the same, and moves when others change the list.`,
    }),
  };
}

export interface PageArguments {
  first?: number | null;
  after?: string | null;
  offset?: number | null;
}

const MAX_CURSOR = 1024;

/** The page that arguments ask for; throws BAD_USER_INPUT outside the limits. */
export function pageRequest({ first, after, offset }: PageArguments): PageRequest {
  const size = whole('first', first ?? DEFAULT_FIRST, { least: 1, most: MAX_FIRST });
  const passed = whole('offset', offset ?? 0, { least: 0, most: MAX_OFFSET });
  const cursor = after ?? '';
  if (cursor.length > MAX_CURSOR) throw badInput('after is no cursor of this list');
  return { first: size, ...(cursor === '' ? {} : { after: cursor }), ...(passed === 0 ? {} : { offset: passed }) };
}

function whole(name: string, value: number, { least, most }: { least: number; most: number }): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw badInput(`${name} must be ${least} to ${most}, not ${value}`);
  return value;
}

/** An argument that no list or search can take. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** A page that the store cut. */
export function connectionOf<T, R = T>(
  { items, hasNextPage }: Page<T>,
  args: PageArguments,
  map?: (record: T) => R,
): ConnectionModel<R> {
  const toNode = map ?? ((record: T) => record as unknown as R);
  return {
    records: items.map(({ record }) => toNode(record)),
    cursorAt: (place) => items[place]?.cursor ?? '',
    hasNextPage,
    hasPreviousPage: Boolean(args.after) || Boolean(args.offset),
  };
}

function cursorOf(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** A page of a list in memory whose order is none of texts: the cursor is a place in the list as it is now. */
export function pageByPlace<T>(list: readonly T[], args: PageArguments): ConnectionModel<T> {
  const { first, after, offset = 0 } = pageRequest(args);
  const begin = after === undefined ? 0 : Number(Buffer.from(after, 'base64url').toString('utf8')) + 1;
  if (!Number.isSafeInteger(begin) || begin < 0) throw badInput('after is no cursor of this list');
  const start = begin + offset;
  const records = list.slice(start, start + first);
  return {
    records,
    cursorAt: (place) => cursorOf(String(start + place)),
    hasNextPage: start + records.length < list.length,
    hasPreviousPage: start > 0,
    totalCount: () => list.length,
  };
}

/** A page of a list in memory, by keyset: `keyOf` is unique, and the list comes sorted by it in code units. */
export function pageOf<T>(list: readonly T[], keyOf: (item: T) => string, args: PageArguments): ConnectionModel<T> {
  const { first, after, offset = 0 } = pageRequest(args);
  const place = after === undefined ? undefined : Buffer.from(after, 'base64url').toString('utf8');
  const rest = place === undefined ? list : list.filter((item) => keyOf(item) > place);
  const records = rest.slice(offset, offset + first);
  return {
    records,
    cursorAt: (at) => cursorOf(keyOf(records[at] as T)),
    hasNextPage: rest.length > offset + records.length,
    hasPreviousPage: place !== undefined || offset > 0,
    totalCount: () => list.length,
  };
}
