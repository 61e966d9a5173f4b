import type { Request, RequestHandler } from 'express';
import type { GraphQLError } from 'graphql';
import { refuse, refusalBody } from './answers.js';
import { requestIdOf } from './request-id.js';
import { readParams } from './request-params.js';

interface Readable {
  gives: readonly string[];
  byId: (id: string) => string | undefined;
}

interface Refusal {
  status: number;
  code: string;
  message: string;
}

/**
 * Lets requests to the handler of GraphQL that it can read, and says in full what is wrong with others: the handlers would answer
 * some without a word and all without the request's id. `gives` is what the route answers with; the handlers compare headers
 * letter by letter, so they are given the plain form of what was sent.
 */
export function readableRequests(gives: readonly string[], byId: (id: string) => string | undefined): RequestHandler {
  return (request, response, next) => {
    const refused = refusalOf(request, { gives, byId });
    if (refused === undefined) return next();
    if (refused.status === 405) response.setHeader('Allow', 'GET, POST');
    refuse(response, refused.status, { ...refused, requestId: requestIdOf(request) });
  };
}

function refusalOf(request: Request, { gives, byId }: Readable): Refusal | undefined {
  if (request.method !== 'GET' && request.method !== 'POST') {
    return { status: 405, code: 'METHOD_NOT_ALLOWED', message: 'GraphQL is asked by GET or POST' };
  }
  if (request.method === 'POST' && !JSON_IN_UTF8.test(request.headers['content-type'] ?? '')) {
    const message = 'The body must be JSON in UTF-8: Content-Type: application/json';
    return { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message };
  }
  const accepted = request.accepts([...gives]);
  if (accepted === false) {
    return {
      status: 406,
      code: 'NOT_ACCEPTABLE',
      message: `The answer is ${gives.join(' or ')}; Accept names neither`,
    };
  }
  const message = readParams(request, byId);
  if (message !== undefined) return { status: 400, code: 'BAD_REQUEST', message };
  request.headers.accept = accepted;
  request.headers['content-type'] = 'application/json';
  return undefined;
}

const JSON_IN_UTF8 = /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i;

/** What the handlers of GraphQL take as a whole answer. */
export type HandlerAnswer = [string, { status: number; statusText: string; headers: Record<string, string> }];

/** An operation that this way does not carry, as an answer of a handler. */
export function refusedOperation(request: { raw: Request }, error: Refusal): HandlerAnswer {
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
  if (error.status === 405) headers['allow'] = 'POST';
  const body = refusalBody({ ...error, requestId: requestIdOf(request.raw) });
  return [body, { status: error.status, statusText: error.code, headers }];
}

/** Mutations over GET could be sent by any link. */
export const NO_MUTATION_BY_GET: Refusal = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: 'Mutations are asked by POST',
};

/** Errors of an operation that was not run, as the only event of a stream. */
export async function* errorsOnly(
  errors: readonly GraphQLError[],
): AsyncGenerator<{ errors: readonly GraphQLError[] }> {
  yield await Promise.resolve({ errors });
}
