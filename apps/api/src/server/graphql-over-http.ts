import type { Request, RequestHandler } from 'express';
import { createHandler } from 'graphql-http/lib/use/express';
import { GraphQLError } from 'graphql';
import type { Context } from '../graphql/context.js';
import type { OperationDoor } from '../graphql/door.js';
import type { Viewer } from '../auth/viewer.js';
import { refuse } from './answers.js';
import { viewerOf } from './authenticate.js';
import { requestIdOf } from './request-id.js';

/** GraphQL over HTTP: GET for queries, POST for queries and mutations, one operation a request. */
export function graphqlOverHttp(door: OperationDoor, contextOf: (viewer: Viewer) => Context): RequestHandler {
  const handler = createHandler<Context>({
    schema: door.schema,
    execute: (args) => door.execute(args),
    onSubscribe: (request, params) => {
      const prepared = door.prepare(params, contextOf(viewerOf(request.raw)));
      return prepared.ok ? { ...prepared.args, contextValue: prepared.args.contextValue as Context } : prepared.errors;
    },
    formatError: (error) =>
      error instanceof GraphQLError && error.extensions['code'] !== undefined
        ? error
        : new GraphQLError(error.message, { extensions: { code: 'BAD_REQUEST' } }),
  });
  return (request, response, next) => {
    const refused = refusalOf(request);
    if (refused === undefined) return void handler(request, response, next);
    if (refused.status === 405) response.setHeader('Allow', 'GET, POST');
    refuse(response, refused.status, { ...refused, requestId: requestIdOf(request) });
  };
}

/** What the handler would answer without a word. */
function refusalOf(request: Request): { status: number; code: string; message: string } | undefined {
  if (request.method !== 'GET' && request.method !== 'POST') {
    return { status: 405, code: 'METHOD_NOT_ALLOWED', message: 'GraphQL is asked by GET or POST' };
  }
  if (request.method === 'GET' || request.is('application/json') === 'application/json') return undefined;
  const message = 'The body must be JSON: Content-Type: application/json';
  return { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message };
}
