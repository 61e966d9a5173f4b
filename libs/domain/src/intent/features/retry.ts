import * as z from 'zod';
import { RETRY_CONDITIONS } from '../../resources/policies/policy-words.js';
import { milliseconds } from './feature-fields.js';

/** Retries of clients; `conditions` left out: those that make failover lossless. */
export const retryFeature = z.strictObject({
  kind: z.literal('retry'),
  attempts: z.int().min(0),
  perTryTimeoutMs: milliseconds.optional(),
  conditions: z.array(z.enum(RETRY_CONDITIONS)).optional(),
  statusCodes: z.array(z.int()).optional(),
  backoffMs: milliseconds.optional(),
});
