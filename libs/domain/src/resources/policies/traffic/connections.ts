import * as z from 'zod';
import { freeText, oneOf, report, whole } from '../../schema/checked.js';
import { duration } from '../../schema/policy-fields.js';
import { headerName } from './http-fields.js';
import { waysOf } from '../../schema/variants.js';

const MOST = 1_000_000;

/**
 * How many endpoints may be left out where a policy says nothing, in percent: up to a hundred of them, all but the last one. A small pool
 * must not keep its dead pods; one that has left out all of them serves nobody until their time is over, which doubles, triples and so on,
 * however soon they are back. Clusters are often reached through one gateway, which any of the machines and pods behind it can make look
 * dead (docs/adr/103).
 */
export const DEFAULT_MAX_EJECTION_PERCENT = 99;

/** Circuit breaking: what a client may hold open or waiting towards a service. */
export const connectionPool = z
  .strictObject({
    maxConnections: whole(1, MOST, 'Connections at once, by each proxy.').optional(),
    maxPendingRequests: whole(1, MOST, 'Requests that wait for a connection.').optional(),
    maxRequests: whole(1, MOST, 'Requests at once.').optional(),
    maxRetries: whole(1, MOST, 'Retries at once over all requests.').optional(),
    maxRequestsPerConnection: whole(
      1,
      MOST,
      'A connection ends after this many requests; 1: no keep-alive.',
    ).optional(),
    keepalive: z
      .strictObject({
        time: duration('Idle time before the first probe.', { first: 1_000 }).optional(),
        interval: duration('Time between probes.', { first: 1_000 }).optional(),
        probes: whole(1, 100, 'Probes without answer until the connection counts as dead.').optional(),
      })
      .meta({ description: 'TCP keep-alive probes.' })
      .optional(),
  })
  .meta({ description: 'Circuit breaking by limits, counted by each proxy of a client.' });

/** Circuit breaking: when an endpoint is left out for a while. */
export const outlierDetection = z
  .strictObject({
    consecutiveGatewayErrors: whole(
      0,
      10_000,
      '502, 503, 504 or failed connections in a row; 0: do not count.',
    ).optional(),
    consecutive5xxErrors: whole(0, 10_000, 'Any 5xx in a row; default 0: do not count.').optional(),
    consecutiveLocalOriginFailures: whole(
      1,
      10_000,
      'Failed connections in a row, counted apart from what endpoints answer.',
    ).optional(),
    interval: duration('How often endpoints are judged.').optional(),
    baseEjectionTime: duration('How long an endpoint is left out; it grows with each time.').optional(),
    maxEjectionPercent: whole(
      0,
      100,
      `Share of endpoints that may be left out; default ${DEFAULT_MAX_EJECTION_PERCENT}: of a hundred or fewer, all but the last one.`,
    ).optional(),
    minHealthPercent: whole(0, 100, 'With fewer healthy endpoints than this share nobody is left out.').optional(),
  })
  .superRefine((spec, context) => {
    const { consecutiveGatewayErrors: gateway, consecutive5xxErrors = 0, consecutiveLocalOriginFailures: local } = spec;
    if (gateway === 0 && consecutive5xxErrors === 0 && local === undefined)
      report(context, { code: 'ISM0853', message: 'nothing is counted, so no endpoint is ever left out' });
    if (spec.maxEjectionPercent !== undefined && spec.maxEjectionPercent < DEFAULT_MAX_EJECTION_PERCENT) {
      const message = `only ${spec.maxEjectionPercent} % of the endpoints may be left out, so some that are dead may stay`;
      report(context, { code: 'ISM0853', message }, ['maxEjectionPercent']);
    }
  })
  .meta({ description: 'Circuit breaking by errors: endpoints that fail are left out for a while.' });

const HASH_KEYS = ['header', 'cookie', 'sourceIP', 'query'] as const;

const hash = z
  .strictObject({
    header: headerName('Requests with the same value of this header go to the same endpoint.').optional(),
    cookie: z
      .strictObject({
        name: headerName('Name of the cookie.'),
        ttl: duration('The proxy sets the cookie for this long if there is none.').optional(),
        path: freeText(256, 'Path of the cookie that the proxy sets.').optional(),
      })
      .meta({ description: 'Requests with the same cookie go to the same endpoint.' })
      .optional(),
    sourceIP: z
      .literal(true)
      .meta({ description: 'Requests from the same address go to the same endpoint.' })
      .optional(),
    query: freeText(128, 'Requests with the same value of this query parameter go to the same endpoint.').optional(),
  })
  .superRefine((spec, context) => {
    const given = HASH_KEYS.filter((key) => spec[key] !== undefined);
    if (given.length === 1) return;
    const message =
      given.length === 0 ? 'the hash has no key' : `the hash has ${given.length} keys: ${given.join(', ')}`;
    report(context, { code: 'ISM0850', message });
  })
  .meta({
    description: 'Consistent hashing: the same key goes to the same endpoint as long as it is there.',
    ...waysOf([
      { title: 'By a header', has: ['header'] },
      { title: 'By a cookie', has: ['cookie'] },
      { title: 'By the address of the caller', has: ['sourceIP'] },
      { title: 'By a query parameter', has: ['query'] },
    ]),
  });

/** How a client chooses among endpoints. */
export const loadBalancing = z
  .strictObject({
    algorithm: oneOf(['LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM'], 'Default LEAST_REQUEST.').optional(),
    hash: hash.optional(),
    warmup: duration('An endpoint that is new gets its full share after this time.', { first: 1_000 }).optional(),
  })
  .superRefine(({ algorithm, hash: key, warmup }, context) => {
    if (key !== undefined && algorithm !== undefined)
      report(context, { code: 'ISM0850', message: 'either an algorithm or a hash, not both' }, ['hash']);
    if (warmup !== undefined && (key !== undefined || algorithm === 'RANDOM'))
      report(context, { code: 'ISM0851', message: 'only LEAST_REQUEST and ROUND_ROBIN warm up' }, ['warmup']);
    if (algorithm === undefined && key === undefined && warmup === undefined)
      report(context, { code: 'ISM0850', message: 'neither an algorithm nor a hash nor a warm-up is given' });
  })
  .meta({
    description: 'How a client chooses among the endpoints of one place; local ones come first in any case.',
    ...waysOf([
      { title: 'By an algorithm', has: [], may: ['algorithm', 'warmup'] },
      { title: 'By a hash', has: ['hash'] },
    ]),
  });

export type ConnectionPoolSpec = z.output<typeof connectionPool>;
export type OutlierDetectionSpec = z.output<typeof outlierDetection>;
export type LoadBalancingSpec = z.output<typeof loadBalancing>;
