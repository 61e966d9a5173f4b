import {
  execute,
  isObjectType,
  parse,
  subscribe,
  type ExecutionResult,
  type GraphQLField,
  type GraphQLResolveInfo,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Context } from './context.js';
import { permissionOf } from './guard.js';
import { operationText } from './operation-text.fixture.js';
import { buildSchema } from './schema.js';

type Field = GraphQLField<unknown, Context>;

/** The schema that is served, and not one that is like it. */
const schema = buildSchema();
const ROOTS = {
  query: schema.getQueryType(),
  mutation: schema.getMutationType(),
  subscription: schema.getSubscriptionType(),
};
const fieldsOf = (type: { getFields(): Record<string, unknown> } | null | undefined): Field[] =>
  Object.values(type?.getFields() ?? {}) as Field[];
const roots = Object.entries(ROOTS).flatMap(([kind, type]) => fieldsOf(type).map((field) => ({ kind, field })));
const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
const declared = objects.filter(isObjectType).flatMap((type) =>
  fieldsOf(type)
    .filter((field) => (permissionOf(field) ?? permissionOf(type)) !== undefined)
    .map((field) => ({ name: `${type.name}.${field.name}`, field })),
);

/** A context of nobody that tells whether anything but the caller was looked at: whatever else there is, is not for it. */
function contextOfNobody(): { context: Context; touched: string[] } {
  const touched: string[] = [];
  const context = new Proxy({} as Context, {
    get: (_target, name) => {
      if (name !== 'viewer') touched.push(String(name));
      return undefined;
    },
  });
  return { context, touched };
}

/** Every way in which a parent can bring a field with it. */
const SOURCES = {
  'a value': (name: string) => ({ [name]: 'planted' }),
  'a function': (name: string) => ({ [name]: () => 'planted' }),
  'a function that promises': (name: string) => ({ [name]: () => Promise.resolve('planted') }),
  'what it inherits': (name: string) => Object.create({ [name]: 'planted' }) as object,
  'a function that it inherits': (name: string) => Object.create({ [name]: () => 'planted' }) as object,
  'a getter of its class': (name: string) =>
    Object.create(Object.defineProperty({}, name, { get: () => 'planted' })) as object,
} as const;

describe.each(Object.entries(SOURCES))('to nobody, with %s at the root', (_how, sourceOf) => {
  it.each(roots)('$kind $field.name answers nothing and looks at nothing', async ({ kind, field }) => {
    const { context, touched } = contextOfNobody();
    const document = parse(operationText(schema, kind, field));
    const args = { schema, document, rootValue: sourceOf(field.name), contextValue: context };
    const results = [await execute(args)];
    if (kind === 'subscription') results.push((await subscribe(args)) as ExecutionResult);
    for (const result of results) {
      expect(result.errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
      expect(JSON.stringify(result.data ?? null)).not.toContain('planted');
    }
    expect(touched).toEqual([]);
  });
});

describe('what resolves a field that declares a permission', () => {
  it('is there, at each of them', () => {
    expect(declared.length).toBeGreaterThan(roots.length);
    const named = new Set(declared.map(({ field }) => field));
    expect(roots.filter(({ field }) => !named.has(field)).map(({ field }) => field.name)).toEqual([]);
    expect(declared.filter(({ field }) => field.resolve === undefined).map(({ name }) => name)).toEqual([]);
  });

  it.each(declared)('refuses nobody before anything else when it is called by itself: $name', ({ field }) => {
    const { context, touched } = contextOfNobody();
    const ways = [field.resolve, field.subscribe].filter((way) => way !== undefined);
    for (const way of ways)
      for (const sourceOf of Object.values(SOURCES))
        expect(() => way(sourceOf(field.name), {}, context, {} as GraphQLResolveInfo)).toThrow(/valid API token/);
    expect(touched).toEqual([]);
  });
});

describe('fields that declare none', () => {
  it('are reached through one that does, and through nothing else', () => {
    const free = objects.filter(isObjectType).filter((type) => Object.values(ROOTS).includes(type));
    expect(free.map(({ name }) => name).sort()).toEqual(['Mutation', 'Query', 'Subscription']);
    expect(free.flatMap(fieldsOf).every((field) => permissionOf(field) !== undefined)).toBe(true);
    expect(roots.every(({ kind, field }) => (kind === 'subscription') === (field.subscribe !== undefined))).toBe(true);
  });
});
