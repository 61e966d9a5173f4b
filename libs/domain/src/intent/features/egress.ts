import * as z from 'zod';
import { EXTERNAL_PROTOCOLS } from '../../resources/policies/policy-words.js';
import { egressGateway } from '../egress-gateway.js';
import { word } from './feature-fields.js';

/** Where the workloads of a global namespace may call outside of the mesh; an allowance has hosts or cidrs. */
export const egressFeature = z.strictObject({
  kind: z.literal('egress'),
  default: z.enum(['ALLOW', 'DENY']),
  allow: z
    .array(
      z.strictObject({
        hosts: z.array(word).optional(),
        cidrs: z.array(word).optional(),
        /** By number. */
        ports: z.array(z.strictObject({ number: z.int().min(1).max(65_535), protocol: z.enum(EXTERNAL_PROTOCOLS) })),
      }),
    )
    .optional(),
  via: egressGateway.optional(),
});
