import * as z from 'zod';
import { MAX_PARTS } from './limits.js';
import { countSchema, hashSchema, idSchema, lineSchema, wireEntrySchema } from './schemas.js';
import { statementSchema } from './statement.js';

/** Answer to hello. `inventory: CURRENT`: the centre has exactly the announced root; `NEEDED`: start a chain from nothing. */
export const welcomeSchema = z.object({
  type: z.literal('welcome'),
  protocol: countSchema,
  session: countSchema,
  epoch: countSchema,
  org: idSchema,
  cluster: z.object({ uid: idSchema, name: z.string().max(63) }),
  /** Display only: clocks order nothing. */
  now: z.string().max(40),
  inventory: z.enum(['CURRENT', 'NEEDED']),
  /** Unacknowledged inventory frames that may be under way. */
  credits: z.object({ inventory: z.int().min(1) }),
});

/** What a sync carries beside its head; the same bytes for every agent that goes the same way. */
export const deltaPartSchema = z.object({
  /** Root that the delta starts from; the empty tree's root when it is the whole tree. */
  from: hashSchema,
  put: z.array(wireEntrySchema),
  remove: z.array(z.string().max(1024)),
});
export type DeltaPart = z.infer<typeof deltaPartSchema>;

/** One part of the way to a signed position; nothing is applied before the last part and the recomputed root. */
export const syncSchema = z.object({
  type: z.literal('sync'),
  id: countSchema,
  statement: statementSchema,
  signature: z.string().max(256),
  part: countSchema,
  parts: z.int().min(1).max(MAX_PARTS),
  delta: deltaPartSchema,
});

export const inventoryAckSchema = z.object({ type: z.literal('inventoryAck'), seq: countSchema });

/** Start the inventory chain again from nothing. */
export const resyncSchema = z.object({ type: z.literal('resync'), reason: z.string().max(256) });

/** While frozen an agent changes nothing in its cluster; it goes on observing and reporting. */
export const freezeSchema = z.object({ type: z.literal('freeze'), gns: idSchema.optional(), frozen: z.boolean() });

/** A person let exactly this set of held deletions go; it lapses when the set has grown. */
export const approvePruneSchema = z.object({ type: z.literal('approvePrune'), gns: idSchema, heldSetHash: hashSchema });

export const certificateSchema = z.object({
  type: z.literal('certificate'),
  certificate: z.string().max(65_536),
  ca: z.string().max(262_144),
});
export const renewRefusedSchema = z.object({ type: z.literal('renewRefused'), reason: z.string().max(512) });
export const pingSchema = z.object({ type: z.literal('ping'), id: countSchema });

export const byeReasonSchema = z.enum([
  'superseded',
  'revoked',
  'expired',
  'shutdown',
  'protocol',
  'cloned',
  'slow',
  'database-went-back',
]);
export type ByeReason = z.infer<typeof byeReasonSchema>;

/** Last frame of a stream. Without `retryAfterMs` the agent backs off by itself. */
export const byeSchema = z.object({
  type: z.literal('bye'),
  reason: byeReasonSchema,
  detail: z.string().max(512).optional(),
  retryAfterMs: countSchema.optional(),
  gns: idSchema.optional(),
  line: lineSchema.optional(),
});

/** Everything a gateway may send. */
export const gatewayMessageSchema = z.discriminatedUnion('type', [
  welcomeSchema,
  syncSchema,
  inventoryAckSchema,
  resyncSchema,
  freezeSchema,
  approvePruneSchema,
  certificateSchema,
  renewRefusedSchema,
  pingSchema,
  byeSchema,
]);
export type GatewayMessage = z.infer<typeof gatewayMessageSchema>;
export type GatewayMessageOf<T extends GatewayMessage['type']> = Extract<GatewayMessage, { type: T }>;
