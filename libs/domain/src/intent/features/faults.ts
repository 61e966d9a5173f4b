import * as z from 'zod';
import { basisPoints, count, milliseconds } from './feature-fields.js';

/** Faults made on purpose in the proxies of callers. */
export const faultsFeature = z.strictObject({
  kind: z.literal('faults'),
  delay: z.strictObject({ durationMs: milliseconds, share: basisPoints }).optional(),
  abort: z.strictObject({ httpStatus: count.optional(), grpcStatus: count.optional(), share: basisPoints }).optional(),
});
