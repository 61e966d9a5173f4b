import * as z from 'zod';
import { count, milliseconds, word } from './feature-fields.js';

/** Limits of what a client holds open or waiting; what is left out is the mesh's own. */
export const connectionPoolFeature = z.strictObject({
  kind: z.literal('connectionPool'),
  maxConnections: count.optional(),
  maxPendingRequests: count.optional(),
  maxRequests: count.optional(),
  maxRetries: count.optional(),
  maxRequestsPerConnection: count.optional(),
  keepalive: z
    .strictObject({ timeMs: milliseconds.optional(), intervalMs: milliseconds.optional(), probes: count.optional() })
    .optional(),
});

/** When endpoints are left out for a while; what is left out is what makes failover lossless. */
export const outlierDetectionFeature = z.strictObject({
  kind: z.literal('outlierDetection'),
  consecutiveGatewayErrors: count.optional(),
  consecutive5xxErrors: count.optional(),
  /** Given: failed connections are counted apart from answers. */
  consecutiveLocalOriginFailures: count.optional(),
  intervalMs: milliseconds.optional(),
  baseEjectionTimeMs: milliseconds.optional(),
  maxEjectionPercent: count.optional(),
  minHealthPercent: count.optional(),
});

/** How a client chooses among endpoints of one place. */
export const loadBalancingFeature = z.strictObject({
  kind: z.literal('loadBalancing'),
  algorithm: z.enum(['LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM']).optional(),
  hash: z
    .union([
      z.strictObject({ header: word }),
      z.strictObject({
        cookie: z.strictObject({ name: word, ttlMs: milliseconds.optional(), path: z.string().optional() }),
      }),
      z.strictObject({ sourceIP: z.literal(true) }),
      z.strictObject({ query: word }),
    ])
    .optional(),
  warmupMs: milliseconds.optional(),
});
