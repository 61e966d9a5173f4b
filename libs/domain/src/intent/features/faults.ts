import * as z from 'zod';
import { basisPoints, count, milliseconds } from './feature-fields.js';

/** Faults made on purpose in the proxies of callers. */
export const faultsFeature = z.strictObject({
  kind: z.literal('faults'),
  /** Since 1970; from then on the block is as if it were not there. */
  expiresAtMs: milliseconds.optional(),
  delay: z.strictObject({ durationMs: milliseconds, share: basisPoints }).optional(),
  abort: z.strictObject({ httpStatus: count.optional(), grpcStatus: count.optional(), share: basisPoints }).optional(),
});
