import { graphql, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { describe, expect, it } from 'vitest';
import { guardSchema, needs } from './guard.js';

/** What a resolver gave away, by whatever way it gives: a resolver, a value, a function that is called, an interface's field. */
function schemaOf(): GraphQLSchema {
  const secret = { type: GraphQLString, ...needs('audit.read') };
  const named = new GraphQLInterfaceType({ name: 'Named', fields: { secret }, resolveType: () => 'Thing' });
  const thing = new GraphQLObjectType({
    name: 'Thing',
    interfaces: [named],
    fields: { secret, own: { type: GraphQLString } },
    ...needs('resources.read'),
  });
  const read = needs('viewer.read');
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        value: { ...secret },
        factory: { ...secret },
        resolved: { ...secret, resolve: () => 'planted' },
        object: { type: thing, ...read, resolve: () => ({ secret: () => 'planted', own: () => 'planted' }) },
        inherited: { type: named, ...read, resolve: () => Object.create({ secret: 'planted' }) as object },
      },
    }),
    types: [thing],
  });
}

describe('a field that declares a permission', () => {
  it.each(['value', 'factory', 'resolved', 'object { secret }', 'object { own }', 'inherited { secret }'])(
    'gives nothing to a caller without it, however it is resolved: %s',
    async (field) => {
      const result = await graphql({
        schema: guardSchema(schemaOf()),
        source: `{ ${field} }`,
        rootValue: { value: 'planted', factory: () => 'planted' },
        contextValue: { viewer: undefined },
      });
      expect(JSON.stringify(result)).not.toContain('planted');
      expect(result.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    },
  );

  it('must be there at the root: a schema without is not built', () => {
    const query = new GraphQLObjectType({ name: 'Query', fields: { open: { type: GraphQLString } } });
    expect(() => guardSchema(new GraphQLSchema({ query }))).toThrow('Query.open declares no permission');
  });
});
