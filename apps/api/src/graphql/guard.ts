import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { authorize } from '../auth/viewer.js';
import { isNeed, type Need } from '../auth/permissions.js';
import type { Context } from './context.js';
import { requireStorable } from './storable.js';

type Field = GraphQLField<unknown, Context>;

/** The extension of a field or object type that names the permission it needs. */
export function needs(permission: Need): { extensions: { permission: Need } } {
  return { extensions: { permission } };
}

/** Like `needs`, of a mutation that answers what is wrong with its texts as issues, with the place of each. */
export function needsAndJudgesTexts(permission: Need): {
  extensions: { permission: Need; judgesTexts: true };
} {
  return { extensions: { permission, judgesTexts: true } };
}

/** The permission that a field or type declares; undefined if none. */
export function permissionOf(of: { extensions: Readonly<Record<string, unknown>> }): Need | undefined {
  const permission = of.extensions['permission'];
  return isNeed(permission) ? permission : undefined;
}

/**
 * Puts a check before every resolver that declares a permission, and one of its arguments. Root fields must declare one: a schema with an
 * undeclared root field is refused when it is built, so nothing can be reached without a decision.
 */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const ofType = permissionOf(type);
    for (const field of Object.values(type.getFields()) as Field[]) {
      const permission = permissionOf(field) ?? ofType;
      if (permission !== undefined) guardField(field, permission);
      else if (roots.includes(type)) throw new Error(`${type.name}.${field.name} declares no permission`);
    }
  }
  return schema;
}

function guardField(field: Field, permission: Need): void {
  const check = field.extensions['judgesTexts'] === true ? () => undefined : requireStorable;
  field.resolve = guarded(field.resolve ?? defaultFieldResolver, permission, check);
  if (field.subscribe !== undefined) field.subscribe = guarded(field.subscribe, permission, check);
}

function guarded(
  resolve: GraphQLFieldResolver<unknown, Context>,
  permission: Need,
  check: (args: Record<string, unknown>) => void,
): GraphQLFieldResolver<unknown, Context> {
  return (source, args: Record<string, unknown>, ...[context, info]) => {
    authorize(context.viewer, permission);
    check(args);
    return resolve(source, args, context, info);
  };
}
