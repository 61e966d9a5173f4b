import * as z from 'zod';
import { PUBLIC_TLS_MODES, TLS_VERSIONS } from '../resources/policies/policy-words.js';
import { count, word } from './features/feature-fields.js';

const port = z.int().min(1).max(65_535);
const pair = z.strictObject({ name: word, value: z.string() });

/** Body of `gns/public/<project>/<name>`: a service that the world outside calls, through ingress gateways of some clusters. */
export const publicSchema = z.strictObject({
  kind: z.literal('public'),
  project: word,
  name: word,
  hosts: z.array(word),
  /** Clusters are resolved and pinned. */
  gateways: z.array(z.strictObject({ clusters: z.array(word), namespace: word, selector: z.array(pair) })),
  http: z.strictObject({ port, redirect: z.literal(true).optional() }).optional(),
  tls: z
    .strictObject({
      mode: z.enum(PUBLIC_TLS_MODES),
      port,
      credential: word.optional(),
      minVersion: z.enum(TLS_VERSIONS).optional(),
    })
    .optional(),
  /** list: in the order in which they are tried; the last one takes what is left, and has no path. */
  routes: z.array(
    z.strictObject({
      path: z.strictObject({ type: z.enum(['EXACT', 'PREFIX']), value: word }).optional(),
      host: word,
      port: port.optional(),
      rewrite: word.optional(),
    }),
  ),
  /** Absent: no records are made. */
  dns: z
    .strictObject({
      records: z.literal(true),
      ttlSeconds: count.optional(),
      targets: z.array(word).optional(),
      weights: z.array(z.strictObject({ cluster: word, weight: count })).optional(),
    })
    .optional(),
});

export type PublicEntry = z.output<typeof publicSchema>;
export type PublicGateway = PublicEntry['gateways'][number];
export type PublicRoute = PublicEntry['routes'][number];
