import type { AuditRow, AuditSeal } from '@isthmus/domain';
import * as z from 'zod';
import { optional } from '../online/answers.js';
import type { Outcome } from '../outcome.js';

/** One change, as the server and exports tell it. */
export const auditRowSchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subjectKind: z.string(),
  subjectId: z.string(),
  project: z.string(),
  name: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  requestId: optional(z.string()),
  tokenId: optional(z.string()),
  ip: optional(z.string()),
}) satisfies z.ZodType<AuditRow>;

/** A seal, as the server and exports tell it. */
export const auditSealSchema = z.object({
  seq: z.int(),
  rows: z.int(),
  rowsHash: z.string(),
  previous: z.string(),
  sealedAt: z.string(),
  hash: z.string(),
  signature: z.string(),
}) satisfies z.ZodType<AuditSeal>;

/** Changes that were sealed together; without a seal those that are in none yet. */
export interface AuditBatch {
  seal?: AuditSeal | undefined;
  rows: AuditRow[];
}

/** The audit log of an organization: from a server or an export, read once from its beginning. */
export interface AuditSource {
  org: string;
  /** Public keys in PEM that seals may be signed with, by the source's own word. */
  keys: readonly string[];
  batches: AsyncIterable<Outcome<AuditBatch>>;
}
