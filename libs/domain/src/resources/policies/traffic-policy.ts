import * as z from 'zod';
import { report } from '../schema/checked.js';
import { duration, enforced, scopedTargets } from '../schema/policy-fields.js';
import { connectionPool, loadBalancing, outlierDetection } from './traffic/connections.js';
import { cors } from './traffic/cors.js';
import { faults } from './traffic/faults.js';
import { globalRateLimit, localRateLimit } from './traffic/rate-limits.js';
import { retryTimeFault } from './traffic/retry-time.js';
import { retry } from './traffic/retry.js';
import { routes } from './traffic/routes.js';

const timeout = z
  .strictObject({
    request: duration('Longest time for a whole request, with all of its retries.').optional(),
    idle: duration('A connection without requests is closed after this time.').optional(),
    connect: duration('Longest time until a connection stands.', { last: 600_000 }).optional(),
  })
  .meta({ description: 'Timeouts of clients.' });

/** Spec of a TrafficPolicy: each block is merged as a whole. */
export const trafficPolicySpec = z
  .strictObject({
    targets: scopedTargets,
    enforced,
    timeout: timeout.optional(),
    retry: retry.optional(),
    connectionPool: connectionPool.optional(),
    outlierDetection: outlierDetection.optional(),
    loadBalancing: loadBalancing.optional(),
    faults: faults.optional(),
    cors: cors.optional(),
    routes: routes.optional(),
    localRateLimit: localRateLimit.optional(),
    globalRateLimit: globalRateLimit.optional(),
  })
  .superRefine((spec, context) => {
    const fault = retryTimeFault(spec.timeout?.request, spec.retry);
    if (fault !== undefined) report(context, fault, ['retry', 'perTryTimeout']);
  })
  .meta({ description: 'How clients call services of global namespaces.' });

export type TrafficPolicySpec = z.output<typeof trafficPolicySpec>;
