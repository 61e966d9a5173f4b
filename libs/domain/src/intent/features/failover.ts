import * as z from 'zod';
import { DETECTION_PROFILES, FAILOVER_MODES } from '../../resources/policies/policy-words.js';
import { basisPoints, milliseconds, word } from './feature-fields.js';

/** Which clusters of a service are used; `mode` left out: LOCAL_FIRST. Tiers are in order, weights sorted by cluster. */
export const failoverFeature = z.strictObject({
  kind: z.literal('failover'),
  mode: z.enum(FAILOVER_MODES).optional(),
  tiers: z.array(z.strictObject({ clusters: z.array(word).optional(), regions: z.array(word).optional() })).optional(),
  clusterWeights: z.array(z.strictObject({ cluster: word, share: basisPoints })).optional(),
  minHealthy: basisPoints.optional(),
  detection: z.enum(DETECTION_PROFILES).optional(),
  failbackMs: milliseconds.optional(),
});

/** Clusters that callers turn away from, sorted; `drain`: not even as a last resort. */
export const cordonFeature = z.strictObject({
  kind: z.literal('cordon'),
  clusters: z.array(word),
  drain: z.literal(true).optional(),
  force: z.literal(true).optional(),
});
