import SchemaBuilder from '@pothos/core';
import type { Context } from './context.js';
import { formatDateTime, jsonOfLiteral, parseDateTime, parseJson } from './scalars.js';

/** What the schema's types stand on; fields are non-null unless they say otherwise. */
export interface SchemaTypes {
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}

/** The one builder that modules add their types, queries, mutations and subscriptions to. */
export const builder = new SchemaBuilder<SchemaTypes>({ defaultFieldNullability: false });

/** The generics of Pothos that come out of SchemaTypes. */
export type Types = (typeof builder)['$inferSchemaTypes'];

builder.scalarType('DateTime', {
  description: 'A point in time: RFC 3339 with a zone. Answers are in UTC.',
  serialize: formatDateTime,
  parseValue: parseDateTime,
});

builder.scalarType('JSON', {
  description: 'Any JSON value, at most 32 levels deep and 100,000 values large.',
  serialize: (value) => value,
  parseValue: parseJson,
  parseLiteral: (node, variables) => parseJson(jsonOfLiteral(node, variables)),
});

builder.queryType({ description: 'Reads. Every remote fact says when it was observed.' });
builder.mutationType({
  description:
    'Changes. Each answers `ok` or `error`; expected failures are data in `error`, top-level errors are faults.',
});
builder.subscriptionType({
  description: 'News over WebSocket (graphql-transport-ws) or server-sent events; events are hints to read again.',
});
