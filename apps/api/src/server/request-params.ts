import type { Request } from 'express';
import { quote } from '@isthmus/domain';

/** The document of an id, if there is one. */
type ById = (id: string) => string | undefined;

/**
 * Reads the parameters of a GraphQL request where the handlers look for them: a JSON body becomes its value, and a `documentId` the
 * document of that id. A text says what is wrong with them.
 */
export function readParams(request: Request, byId: ById): string | undefined {
  return request.method === 'GET' ? urlFault(request, byId) : bodyFault(request, byId);
}

function bodyFault(request: Request, byId: ById): string | undefined {
  const text: unknown = request.body;
  if (typeof text !== 'string' || text === '') return 'The request has no body';
  const value = jsonOf(text);
  if (value === undefined) return 'The body is no JSON';
  if (!isObject(value)) return 'The body must be one JSON object: one operation a request';
  const fault = documentFault(value, byId);
  request.body = value;
  return fault ?? paramsFault(value);
}

function urlFault(request: Request, byId: ById): string | undefined {
  const search = new URLSearchParams(request.url.split('?')[1] ?? '');
  const params: Record<string, unknown> = {};
  for (const name of ['query', 'operationName', 'documentId']) params[name] = search.get(name);
  for (const name of ['variables', 'extensions']) {
    const text = search.get(name);
    if (text === null || text === '') continue;
    params[name] = jsonOf(text);
    if (params[name] === undefined) return `${name} is no JSON`;
  }
  const fault = documentFault(params, byId) ?? paramsFault(params);
  if (fault === undefined) sayDocument(request, search, params['query']);
  return fault;
}

/** The handlers read the URL again: there, too, the document stands where one would have been sent. */
function sayDocument(request: Request, search: URLSearchParams, document: unknown): void {
  if (search.get('documentId') === null) return;
  search.set('query', String(document));
  request.url = `/?${search.toString()}`;
}

/** Puts the document of a `documentId` where a document would have been sent. */
function documentFault(params: Record<string, unknown>, byId: ById): string | undefined {
  const { documentId, query } = params;
  if (!isGiven(documentId)) return undefined;
  if (isGiven(query)) return 'query and documentId exclude each other';
  if (typeof documentId !== 'string') return 'documentId must be a text';
  params['query'] = byId(documentId);
  return params['query'] === undefined ? `This server has no document ${quote(documentId)}` : undefined;
}

function paramsFault({ query, operationName, variables, extensions }: Record<string, unknown>): string | undefined {
  if (query === undefined || query === null) return 'query is missing';
  if (typeof query !== 'string') return 'query must be a text';
  if (isGiven(operationName) && typeof operationName !== 'string') return 'operationName must be a text';
  if (isGiven(variables) && !isObject(variables)) return 'variables must be an object';
  return isGiven(extensions) && !isObject(extensions) ? 'extensions must be an object' : undefined;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined for what is no JSON: no JSON text means undefined. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
