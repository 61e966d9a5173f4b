import * as z from 'zod';
import { word } from './features/feature-fields.js';

/** Pods through which workloads call outside, in each cluster that has them. */
export const egressGateway = z.strictObject({
  namespace: word,
  /** By name. */
  selector: z.array(z.strictObject({ name: word, value: z.string() })),
  port: z.int().min(1).max(65_535).optional(),
});

export type EgressGateway = z.output<typeof egressGateway>;
