import { isEnumType, isInputObjectType, type GraphQLArgument, type GraphQLSchema } from 'graphql';

interface RootField {
  name: string;
  args: readonly GraphQLArgument[];
}

/** An operation on one root field, with values that pass validation for every required argument. */
export function operationText(schema: GraphQLSchema, kind: string, field: RootField): string {
  const value = (type: string): string => {
    const bare = type.replace(/!$/, '');
    if (bare.startsWith('[')) return '[]';
    const named = schema.getType(bare);
    if (isEnumType(named)) return named.getValues()[0]?.name ?? '';
    if (isInputObjectType(named)) {
      const required = Object.values(named.getFields()).filter((inner) => String(inner.type).endsWith('!'));
      return `{${required.map((inner) => `${inner.name}: ${value(String(inner.type))}`).join(', ')}}`;
    }
    return bare === 'Int' ? '1' : bare === 'JSON' ? '{}' : '"x"';
  };
  const args = field.args
    .filter((arg) => String(arg.type).endsWith('!'))
    .map((arg) => `${arg.name}: ${value(String(arg.type))}`);
  return `${kind} { ${field.name}${args.length === 0 ? '' : `(${args.join(', ')})`} { __typename } }`;
}
