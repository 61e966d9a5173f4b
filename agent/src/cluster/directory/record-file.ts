import { lstat, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { atomicWriteFile } from '@isthmus/platform';
import { z } from 'zod';
import { EMPTY_RECORD } from '../cluster-port.js';
import type { ClusterRecord } from '../cluster-port.js';
import { fenceSchema, ownedSchema } from '../record-schema.js';

const recordSchema = z.object({ version: z.literal(1), fences: z.array(fenceSchema), owned: z.array(ownedSchema) });

/** Reads the record; an absent file is an empty record, a damaged one is an error: guessing could delete or orphan objects. */
export async function readRecordFile(path: string): Promise<ClusterRecord> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return EMPTY_RECORD;
    throw error;
  }
  const parsed = recordSchema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Error(
      `the record of owned objects is damaged: ${path}. Restore it, or move it away to start without owned objects`,
    );
  const { fences, owned } = parsed.data;
  return { fences, owned };
}

/** Replaces the record in one step. */
export async function writeRecordFile(path: string, record: ClusterRecord): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  if (!(await lstat(folder)).isDirectory()) throw new Error(`${folder} must be a folder, not a link`);
  await atomicWriteFile(path, `${JSON.stringify({ version: 1, ...record }, null, 1)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
