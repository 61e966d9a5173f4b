import * as z from 'zod';
import { HTTP_METHODS } from '../../resources/policies/policy-words.js';
import { count, milliseconds, word } from './feature-fields.js';

/** Requests for which everything in it holds; names of headers are in lower case, by name. */
const requestMatch = z.strictObject({
  path: z.strictObject({ type: z.enum(['EXACT', 'PREFIX', 'REGEX']), value: word }).optional(),
  method: z.enum(HTTP_METHODS).optional(),
  headers: z.array(z.strictObject({ name: word, type: z.enum(['EXACT', 'REGEX']), value: z.string() })).optional(),
});

/** A token bucket: `requests` tokens in each interval, never more than `burst`. */
const bucket = { requests: count, intervalMs: milliseconds, burst: count };

/** What each proxy of a server lets through by itself: every rule that matches, and the whole. Rules are by name. */
export const localRateLimitFeature = z.strictObject({
  kind: z.literal('localRateLimit'),
  ...bucket,
  rules: z.array(z.strictObject({ name: word, match: requestMatch, ...bucket })).optional(),
});

/** What a service that all proxies of servers ask lets through. Descriptors and entries are lists: a service may read their order. */
export const globalRateLimitFeature = z.strictObject({
  kind: z.literal('globalRateLimit'),
  host: word,
  port: z.int().min(1).max(65_535),
  domain: word,
  timeoutMs: milliseconds,
  failureMode: z.enum(['OPEN', 'CLOSED']),
  descriptors: z.array(
    z.array(
      z.strictObject({ key: word, value: word.optional(), match: requestMatch.optional(), header: word.optional() }),
    ),
  ),
});

export type RequestMatch = z.output<typeof requestMatch>;
