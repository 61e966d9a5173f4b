import * as z from 'zod';
import { MAX_REPORTED } from './limits.js';
import { countSchema, hashSchema, idSchema, issueSchema, positionSchema, wireEntrySchema } from './schemas.js';

const shortText = z.string().max(256);

/** A line as the agent holds it. `have` is the root of the bodies on hand; without it the whole tree is sent again. */
export const heldLineSchema = positionSchema.extend({ have: hashSchema.optional() });
export type HeldLine = z.infer<typeof heldLineSchema>;

/** First frame of a stream. Identity is the certificate's; `clusterUid` only tells a rebuilt or cloned cluster. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  protocol: countSchema,
  agentVersion: shortText,
  bootId: idSchema,
  clusterUid: idSchema,
  port: z.enum(['directory', 'kubernetes']),
  /** The agent's wall clock, so that one that is off can be told; it decides nothing. */
  now: z.string().max(40).optional(),
  lines: z.array(heldLineSchema).max(10_000),
  inventory: z.object({ seq: countSchema, root: hashSchema }).optional(),
});

/** Fate of a delta: `NEED_FULL` asks for the whole tree, `REFUSED` says why it was not taken. */
export const receivedSchema = positionSchema.extend({
  type: z.literal('received'),
  outcome: z.enum(['ACCEPTED', 'STALE', 'NEED_FULL', 'REFUSED']),
  issue: issueSchema.optional(),
});

/**
 * `APPLIED`: objects match the tree. `WAITING`: policy waits for its catalog or catalog for a policy, or routes for what they name. `HELD`: deletions wait for approval.
 * `PARTIAL`: some objects failed. `LEFT`: everything of the global namespace is gone here.
 */
export const applyStateSchema = z.enum(['APPLIED', 'WAITING', 'PARTIAL', 'HELD', 'LEFT', 'FROZEN']);
export type ApplyState = z.infer<typeof applyStateSchema>;

export const heldSetSchema = z.object({
  setHash: hashSchema,
  count: countSchema,
  items: z.array(z.string().max(1024)).max(MAX_REPORTED),
});
export type HeldSet = z.infer<typeof heldSetSchema>;

/** What the cluster holds of one line after a round of apply. Both lines of a global namespace are reported together, in two frames. */
export const appliedSchema = positionSchema.extend({
  type: z.literal('applied'),
  state: applyStateSchema,
  /** Objects of the global namespace that are in place. */
  objects: countSchema,
  /** SHA-256 over the sorted names and content hashes of those objects. */
  objectsHash: hashSchema.optional(),
  issues: z.array(issueSchema).max(MAX_REPORTED),
  /** Issues beyond the reported ones. */
  moreIssues: countSchema.optional(),
  held: heldSetSchema.optional(),
  /** With a statement of the step `expand`: everything but the routes that wait stands, so others may begin to name it. */
  ready: z.boolean().optional(),
});

/**
 * One step of the inventory. A chain starts with `prevSeq: 0` from nothing; each further frame names the seq before it.
 * `complete`: everything readable was listed, and `root` is the root over all entries of the chain.
 */
export const inventorySchema = z.object({
  type: z.literal('inventory'),
  bootId: idSchema,
  seq: z.int().min(1),
  prevSeq: countSchema,
  root: hashSchema,
  complete: z.boolean(),
  put: z.array(wireEntrySchema),
  remove: z.array(z.string().max(1024)),
  /** Namespaces that could not be listed: they say nothing, least of all that they are empty. */
  unreadable: z.array(z.string().max(253)),
  /** What could not be read, or not be understood; none: everything was. */
  issues: z.array(issueSchema).max(MAX_REPORTED).optional(),
});

/** Lossy counters of one minute; a lost frame is a gap in a graph, nothing more. */
export const signalsSchema = z.object({
  type: z.literal('signals'),
  gns: idSchema,
  /** Unix time of the minute's start, in seconds. */
  minute: countSchema,
  /** Packed samples; the meaning is the SLO library's. */
  samples: z
    .array(z.record(z.string().max(64), z.union([z.string().max(512), z.number(), z.array(z.number()).max(256)])))
    .max(5000),
  simulated: z.boolean().optional(),
});

export const renewSchema = z.object({ type: z.literal('renew'), csr: z.string().max(16_384) });
export const pongSchema = z.object({ type: z.literal('pong'), id: countSchema });

/** Everything an agent may send. */
export const agentMessageSchema = z.discriminatedUnion('type', [
  helloSchema,
  receivedSchema,
  appliedSchema,
  inventorySchema,
  signalsSchema,
  renewSchema,
  pongSchema,
]);
export type AgentMessage = z.infer<typeof agentMessageSchema>;
export type AgentMessageOf<T extends AgentMessage['type']> = Extract<AgentMessage, { type: T }>;
