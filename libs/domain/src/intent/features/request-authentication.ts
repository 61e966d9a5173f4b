import * as z from 'zod';
import { word } from './feature-fields.js';

/** A claim with values of which one must hold; `path`: list. */
export const claimShape = z.strictObject({ path: z.array(word), values: z.array(word) });

/** Whose tokens are taken; without `optional` a request needs one. */
export const requestAuthenticationFeature = z.strictObject({
  kind: z.literal('requestAuthentication'),
  optional: z.literal(true).optional(),
  issuers: z.array(
    z.strictObject({
      issuer: word,
      jwksUri: word.optional(),
      jwks: word.optional(),
      audiences: z.array(word).optional(),
      /** List: tried in this order. */
      locations: z
        .array(
          z.strictObject({
            header: word.optional(),
            prefix: word.optional(),
            queryParameter: word.optional(),
            cookie: word.optional(),
          }),
        )
        .optional(),
      withheld: z.literal(true).optional(),
    }),
  ),
  claims: z.array(claimShape).optional(),
});
