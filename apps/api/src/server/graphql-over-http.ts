import type { RequestHandler } from 'express';
import { OperationTypeNode } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/express';
import type { Context } from '../graphql/context.js';
import type { OperationDoor } from '../graphql/door.js';
import type { Viewer } from '../auth/viewer.js';
import { viewerOf } from './authenticate.js';
import { NO_MUTATION_BY_GET, refusedOperation } from './refusal.js';

const ELSEWHERE = {
  status: 400,
  code: 'BAD_REQUEST',
  message:
    'Subscriptions are asked over WebSocket (graphql-transport-ws) here, or as server-sent events at /graphql/stream',
};

/** GraphQL over HTTP: GET for queries, POST for queries and mutations, one operation a request. */
export function graphqlOverHttp(door: OperationDoor, contextOf: (viewer: Viewer) => Context): RequestHandler {
  const handler = createHandler<Context>({
    schema: door.schema,
    execute: (args) => door.execute(args),
    onSubscribe: (request, params) => {
      const prepared = door.prepare(params, contextOf(viewerOf(request.raw)));
      if (!prepared.ok) return prepared.errors;
      const { operation, args } = prepared;
      if (operation === OperationTypeNode.SUBSCRIPTION) return refusedOperation(request, ELSEWHERE);
      if (operation === OperationTypeNode.MUTATION && request.raw.method === 'GET') {
        return refusedOperation(request, NO_MUTATION_BY_GET);
      }
      return { ...args, contextValue: args.contextValue as Context };
    },
  });
  return (request, response, next) => void handler(request, response, next);
}
