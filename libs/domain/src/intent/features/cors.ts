import * as z from 'zod';
import { HTTP_METHODS } from '../../resources/policies/policy-words.js';
import { milliseconds, word } from './feature-fields.js';

/** Which origins browsers may let call. */
export const corsFeature = z.strictObject({
  kind: z.literal('cors'),
  allowOrigins: z.array(z.strictObject({ type: z.enum(['EXACT', 'PREFIX', 'REGEX']), value: word })),
  allowMethods: z.array(z.enum(HTTP_METHODS)).optional(),
  allowHeaders: z.array(word).optional(),
  exposeHeaders: z.array(word).optional(),
  maxAgeMs: milliseconds.optional(),
  allowCredentials: z.literal(true).optional(),
});
