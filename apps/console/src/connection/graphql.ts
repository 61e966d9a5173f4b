import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../generated/graphql-env.js';

/** Documents, typed by the API's schema: a field that it does not have is no type. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; JSON: unknown; ID: string };
}>();

export type { ResultOf, VariablesOf } from 'gql.tada';
