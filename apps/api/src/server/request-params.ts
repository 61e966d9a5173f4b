import type { Request } from 'express';

/** Reads the parameters of a GraphQL request where the handlers look for them: a JSON body becomes its value. A text says what is wrong with them. */
export function readParams(request: Request): string | undefined {
  return request.method === 'GET' ? urlFault(request) : bodyFault(request);
}

function bodyFault(request: Request): string | undefined {
  const text: unknown = request.body;
  if (typeof text !== 'string' || text === '') return 'The request has no body';
  const value = jsonOf(text);
  if (value === undefined) return 'The body is no JSON';
  if (!isObject(value)) return 'The body must be one JSON object: one operation a request';
  request.body = value;
  return paramsFault(value);
}

function urlFault({ url }: Request): string | undefined {
  const search = new URLSearchParams(url.split('?')[1] ?? '');
  const params: Record<string, unknown> = {};
  for (const name of ['query', 'operationName']) params[name] = search.get(name);
  for (const name of ['variables', 'extensions']) {
    const text = search.get(name);
    if (text === null || text === '') continue;
    params[name] = jsonOf(text);
    if (params[name] === undefined) return `${name} is no JSON`;
  }
  return paramsFault(params);
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
