import * as z from 'zod';

/** A line's position in the record. */
export const fenceSchema = z.object({
  gns: z.string(),
  line: z.enum(['policy', 'catalog', 'cluster']),
  epoch: z.int().min(0),
  seq: z.int().min(0),
  root: z.string(),
});

/** An owned object in the record. */
export const ownedSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  gns: z.string(),
  side: z.enum(['owner', 'client']),
  order: z.int(),
  host: z.string().optional(),
  hash: z.string(),
  uid: z.string().optional(),
});
