import * as z from 'zod';
import { milliseconds } from './feature-fields.js';

/** Timeouts of clients, in milliseconds; what is left out is the mesh's own. */
export const timeoutFeature = z.strictObject({
  kind: z.literal('timeout'),
  requestMs: milliseconds.optional(),
  idleMs: milliseconds.optional(),
  connectMs: milliseconds.optional(),
});
