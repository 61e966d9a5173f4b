import * as z from 'zod';
import { HTTP_METHODS } from '../../resources/policies/policy-words.js';
import { basisPoints, count, milliseconds, word } from './feature-fields.js';
import { retryFeature } from './retry.js';

const valueMatch = z.strictObject({ name: word, type: z.enum(['EXACT', 'REGEX']), value: z.string() });

const routeMatch = z.strictObject({
  path: z.strictObject({ type: z.enum(['EXACT', 'PREFIX', 'REGEX']), value: word }).optional(),
  method: z.enum(HTTP_METHODS).optional(),
  headers: z.array(valueMatch).optional(),
  queryParams: z.array(valueMatch).optional(),
  sourceNamespaces: z.array(word).optional(),
  sourceClusters: z.array(word).optional(),
});

const pair = z.strictObject({ name: word, value: z.string() });
const headers = z.strictObject({
  set: z.array(pair).optional(),
  add: z.array(pair).optional(),
  remove: z.array(word).optional(),
});

/** Members of a version, of a cluster, or both. */
const destination = { version: word.optional(), cluster: word.optional() };

const rule = z.strictObject({
  name: word,
  matches: z.array(routeMatch).optional(),
  requestHeaders: headers.optional(),
  responseHeaders: headers.optional(),
  rewrite: z.strictObject({ host: word.optional(), path: word.optional(), prefix: word.optional() }).optional(),
  redirect: z
    .strictObject({
      scheme: z.enum(['http', 'https']).optional(),
      host: word.optional(),
      port: count.optional(),
      path: word.optional(),
      status: count,
    })
    .optional(),
  /** With `host`: another service of the global namespace, at its `port`, else at that of the request. */
  mirror: z
    .strictObject({ ...destination, host: word.optional(), port: count.optional(), share: basisPoints })
    .optional(),
  backends: z.array(z.strictObject({ ...destination, weight: count })).optional(),
  timeoutMs: milliseconds.optional(),
  retry: retryFeature.optional(),
});

/** Rules of requests; the list is in the user's order, which counts only where precedence does not decide. */
export const routesFeature = z.strictObject({ kind: z.literal('routes'), rules: z.array(rule) });

export type RouteMatch = z.output<typeof routeMatch>;
export type RouteRule = z.output<typeof rule>;
