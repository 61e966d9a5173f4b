import type { RequestHandler, Response } from 'express';
import { OperationTypeNode } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/express';
import type { Context } from '../graphql/context.js';
import type { OperationDoor } from '../graphql/door.js';
import type { CredentialReader } from '../auth/sessions/credentials.js';
import { unauthenticated, type Viewer } from '../auth/viewer.js';
import { refusalBody } from './answers.js';
import { viewerOf } from './authenticate.js';
import { errorsOnly, NO_MUTATION_BY_GET, refusedOperation } from './refusal.js';
import { requestIdOf } from './request-id.js';
import type { Watch } from './token-watch.js';

/** Subscriptions as server-sent events, one stream an operation (graphql-sse, distinct connections). */
export function graphqlOverSse(
  door: OperationDoor,
  options: {
    contextOf: (viewer: Viewer) => Context;
    credentials: CredentialReader;
    watch: Watch;
  },
): RequestHandler {
  const handler = createHandler<Record<PropertyKey, unknown>>({
    schema: door.schema,
    authenticate: () => null,
    execute: (args) => door.execute(args),
    subscribe: (args) => door.subscribe(args),
    onSubscribe: (request, params) => {
      const prepared = door.prepare(params, options.contextOf(viewerOf(request.raw)));
      if (!prepared.ok) return errorsOnly(prepared.errors);
      if (prepared.operation === OperationTypeNode.MUTATION && request.raw.method === 'GET') {
        return refusedOperation(request, NO_MUTATION_BY_GET);
      }
      return { ...prepared.args, contextValue: { ...(prepared.args.contextValue as Context) } };
    },
  });
  return (request, response, next) => {
    const stop = options.watch(options.credentials.ofRequest(request), viewerOf(request), () =>
      endForLoss(response, requestIdOf(request)),
    );
    response.once('close', stop);
    handler(request, response).catch(next);
  };
}

/** Says why before it ends: a client that only sees the end would come again. */
function endForLoss(response: Response, requestId: string): void {
  if (!response.headersSent) return void response.destroy();
  const data = refusalBody({ code: 'UNAUTHENTICATED', message: unauthenticated().message, requestId });
  response.end(`event: next\ndata: ${data}\n\nevent: complete\ndata:\n\n`);
}
