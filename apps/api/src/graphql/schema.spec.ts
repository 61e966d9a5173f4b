import { RESOURCE_KINDS } from '@isthmus/domain';
import { readFileSync } from 'node:fs';
import {
  execute,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  subscribe,
  type ExecutionResult,
  type GraphQLField,
  type GraphQLNamedType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { rightsOf } from '../auth/rights.js';
import { permissionOf } from './guard.js';
import { operationText } from './operation-text.fixture.js';
import { buildSchema, schemaText } from './schema.js';

const schema = buildSchema();
const rightsOfRole = (role: string) => rightsOf([{ role, scope: { kind: 'ORGANIZATION', name: '' } }], []);
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const ROOTS = [
  ['query', schema.getQueryType()],
  ['mutation', schema.getMutationType()],
  ['subscription', schema.getSubscriptionType()],
] as const;
const operations = ROOTS.flatMap(([kind, type]) =>
  Object.values(type?.getFields() ?? {}).map((field) => ({ kind, field })),
);

function undescribed(type: GraphQLNamedType): string[] {
  const own = type.description ? [] : [type.name];
  if (isEnumType(type))
    return [
      ...own,
      ...type
        .getValues()
        .filter((value) => !value.description)
        .map((value) => `${type.name}.${value.name}`),
    ];
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return own;
  const fields = Object.values(type.getFields());
  const args = isInputObjectType(type)
    ? []
    : (fields as GraphQLField<unknown, unknown>[]).flatMap((field) =>
        field.args.map((arg) => ({ name: `${field.name}.${arg.name}`, description: arg.description })),
      );
  return [
    ...own,
    ...[...fields, ...args].filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`),
  ];
}

describe('the schema', () => {
  it('is the one that is committed', () => {
    expect(schemaText(schema)).toBe(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
  });

  it('describes every type, field, argument and value', () => {
    expect(types.filter((type) => !/^(String|Int|Float|Boolean|ID)$/.test(type.name)).flatMap(undescribed)).toEqual([]);
  });

  it('answers every mutation with ok or error', () => {
    const results = Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ type }) =>
      schema.getType(String(type).replace('!', '')),
    );
    for (const type of results)
      expect(isObjectType(type) && Object.keys(type.getFields()).sort()).toEqual(['error', 'ok']);
  });

  it('gives every list of nodes at most 100 at once, by one kind of arguments', () => {
    const connections = types
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()).filter((field) => String(field.type).endsWith('Connection!')));
    expect(connections.length).toBeGreaterThan(15);
    for (const field of connections)
      expect(field.args.map(({ name }) => name)).toEqual(expect.arrayContaining(['after', 'first']));
  });
});

describe('rights', () => {
  it.each(operations)('refuse $kind $field.name without a token', async ({ kind, field }) => {
    const document = parse(operationText(schema, kind, field));
    const args = { schema, document, contextValue: { viewer: undefined } };
    const result = (await (kind === 'subscription' ? subscribe(args) : execute(args))) as ExecutionResult;
    expect(result.errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
  });

  it.each(operations)('refuse $kind $field.name to a role that nobody knows', async ({ kind, field }) => {
    const document = parse(operationText(schema, kind, field));
    const args = { schema, document, contextValue: { viewer: { rights: rightsOfRole('superuser') } } };
    const result = (await (kind === 'subscription' ? subscribe(args) : execute(args))) as ExecutionResult;
    expect(result.errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
  });

  /** About the caller's own sessions and tokens; services let nobody at those of others without more rights. */
  const OWN_MATTERS = ['createPersonalToken', 'endSession', 'revokeApiToken'];

  it('let a viewer change nothing but sessions and tokens of its own', () => {
    const allowed = Object.values(schema.getMutationType()?.getFields() ?? {}).filter((field) =>
      rightsOfRole('Viewer').somewhere(permissionOf(field) ?? 'viewer.read'),
    );
    expect(allowed.map(({ name }) => name).sort()).toEqual(OWN_MATTERS);
  });

  it('let an editor change resources, sessions and tokens of its own, and nothing else', () => {
    const allowed = Object.values(schema.getMutationType()?.getFields() ?? {}).filter((field) =>
      rightsOfRole('Editor').somewhere(permissionOf(field) ?? 'viewer.read'),
    );
    expect(allowed.map(({ name }) => name).sort()).toEqual(
      [...OWN_MATTERS, 'applyResources', 'deleteResource', ...RESOURCE_KINDS.map((kind) => `put${kind}`)].sort(),
    );
  });
});
