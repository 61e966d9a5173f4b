import type { Issue } from '@isthmus/domain';
import * as z from 'zod';
import { MAX_FRAME_BYTES } from './limits.js';

/** Lower-case hex SHA-256. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

/** Ids of organizations, clusters and global namespaces: safe in paths, headers and URIs. */
export const idSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'must be letters, digits, dots, dashes or underscores');

/** A count that starts at 0 and is exact. */
export const countSchema = z.int().min(0);

/** A line is one of the trees that an agent follows for a global namespace. */
export const lineSchema = z.enum(['policy', 'catalog', 'cluster']);
export type Line = z.infer<typeof lineSchema>;

export const lineKeySchema = z.object({ gns: idSchema, line: lineSchema });
export type LineKey = z.infer<typeof lineKeySchema>;

/** Stable text key of a line. */
export function lineKey(of: LineKey): string {
  return `${of.gns}/${of.line}`;
}

/** A line's position: (epoch, seq) orders, the root only says which tree. */
export const positionSchema = lineKeySchema.extend({ epoch: countSchema, seq: countSchema, root: hashSchema });
export type Position = z.infer<typeof positionSchema>;

/** One blob on the wire. The receiver hashes `body` itself and refuses another hash. */
export const wireEntrySchema = z.object({
  name: z.string().min(1).max(1024),
  hash: hashSchema,
  body: z.string().max(MAX_FRAME_BYTES),
});
export type WireEntry = z.infer<typeof wireEntrySchema>;

const text = z.string().max(4096);

/** An issue as it travels: codes of a newer agent pass unchanged. */
export const issueSchema: z.ZodType<Issue> = z.object({
  code: z.string().regex(/^ISM\d{4}$/) as unknown as z.ZodType<Issue['code']>,
  severity: z.enum(['ERROR', 'WARNING', 'INFO']),
  path: text,
  message: text,
  hint: text.optional(),
  resource: z.object({ kind: text, name: text, project: text.optional() }).optional(),
  cluster: text.optional(),
  source: z.object({ file: text, line: z.int().min(1), column: z.int().min(1) }).optional(),
});
