import type { RequestHandler } from 'express';
import { createHandler } from 'graphql-sse/lib/use/express';
import type { Context } from '../graphql/context.js';
import type { OperationDoor } from '../graphql/door.js';
import type { Viewer } from '../auth/viewer.js';
import { viewerOf } from './authenticate.js';

/** Subscriptions as server-sent events, one stream an operation (graphql-sse, distinct connections). */
export function graphqlOverSse(
  door: OperationDoor,
  options: {
    contextOf: (viewer: Viewer) => Context;
    watch: (authorization: unknown, onLoss: () => void) => () => void;
  },
): RequestHandler {
  const handler = createHandler({
    schema: door.schema,
    authenticate: () => null,
    execute: (args) => door.execute(args),
    subscribe: (args) => door.subscribe(args),
    onSubscribe: (request, params) => {
      const prepared = door.prepare(params, options.contextOf(viewerOf(request.raw)));
      return prepared.ok ? { ...prepared.args } : { errors: prepared.errors };
    },
  });
  return (request, response, next) => {
    const stop = options.watch(request.headers.authorization, () => response.destroy());
    response.once('close', stop);
    handler(request, response).catch(next);
  };
}
