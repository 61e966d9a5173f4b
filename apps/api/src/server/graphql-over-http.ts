import type { RequestHandler } from 'express';
import { createHandler } from 'graphql-http/lib/use/express';
import { GraphQLError } from 'graphql';
import type { Context } from '../graphql/context.js';
import type { OperationDoor } from '../graphql/door.js';
import type { Viewer } from '../auth/viewer.js';
import { viewerOf } from './authenticate.js';

/** GraphQL over HTTP: GET for queries, POST for queries and mutations, one operation a request. */
export function graphqlOverHttp(door: OperationDoor, contextOf: (viewer: Viewer) => Context): RequestHandler {
  const handler = createHandler<Context>({
    schema: door.schema,
    execute: (args) => door.execute(args),
    onSubscribe: (request, params) => {
      const prepared = door.prepare(params, contextOf(viewerOf(request.raw)));
      return prepared.ok ? { ...prepared.args, contextValue: prepared.args.contextValue as Context } : prepared.errors;
    },
    formatError: (error) => (error instanceof GraphQLError ? error : new GraphQLError(error.message)),
  });
  return (request, response, next) => void handler(request, response, next);
}
