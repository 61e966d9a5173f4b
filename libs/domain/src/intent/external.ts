import * as z from 'zod';
import { EXTERNAL_PROTOCOLS, RESOLUTIONS } from '../resources/policies/policy-words.js';
import { egressGateway } from './egress-gateway.js';
import { word } from './features/feature-fields.js';

const port = z.int().min(1).max(65_535);

/** Body of `gns/external/<project>/<name>`: a service outside of the mesh that workloads of the global namespace call. */
export const externalSchema = z.strictObject({
  kind: z.literal('external'),
  project: word,
  name: word,
  hosts: z.array(word),
  addresses: z.array(word).optional(),
  /** By number. */
  ports: z.array(z.strictObject({ number: port, protocol: z.enum(EXTERNAL_PROTOCOLS), targetPort: port.optional() })),
  resolution: z.enum(RESOLUTIONS),
  endpoints: z
    .array(
      z.strictObject({
        address: word,
        priority: z.int().min(1).optional(),
        locality: word.optional(),
        port: port.optional(),
      }),
    )
    .optional(),
  tls: z
    .strictObject({
      mode: z.enum(['SIMPLE', 'MUTUAL']),
      ports: z.array(port),
      sni: word.optional(),
      subjectAltNames: z.array(word).optional(),
      credential: word.optional(),
    })
    .optional(),
  via: egressGateway.optional(),
});

export type ExternalEntry = z.output<typeof externalSchema>;
