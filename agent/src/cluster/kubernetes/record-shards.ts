import { objectKey, sha256Hex } from '@isthmus/domain';
import * as z from 'zod';
import type { ClusterRecord, OwnedObject } from '../cluster-port.js';
import { fenceSchema, ownedSchema } from '../record-schema.js';

/** Owned objects are spread over this many parts, so that one change rewrites a sixteenth and 60,000 objects fit. */
const PARTS = [...'0123456789abcdef'];

export const HEAD = 'head';

/** This part holds a copy of the head beside its owned objects, for the case that somebody deletes the head. */
export const COPY = '0';

/** Texts of a record by part: `head` holds the fences and names the parts that exist, `0` to `f` hold owned objects. */
export type RecordParts = Map<string, string>;

const contentsSchema = z.object({ fences: z.array(fenceSchema), parts: z.array(z.string()) });
const headSchema = contentsSchema.extend({ version: z.literal(1) });
const partSchema = z.object({ version: z.literal(1), owned: z.array(ownedSchema), head: contentsSchema.optional() });

type Contents = z.infer<typeof contentsSchema>;

/** All names that a part may have. */
export function partNames(): string[] {
  return [HEAD, ...PARTS];
}

/** Splits a record. Parts that were there before stay, even empty. */
export function splitRecord(record: ClusterRecord, existing: ReadonlySet<string>): RecordParts {
  const byPart = new Map<string, OwnedObject[]>();
  for (const owned of record.owned) {
    const part = partOf(owned);
    byPart.set(part, [...(byPart.get(part) ?? []), owned]);
  }
  const parts = PARTS.filter((part) => part === COPY || byPart.has(part) || existing.has(part));
  const head: Contents = { fences: record.fences, parts };
  const textOf = (part: string): string =>
    JSON.stringify({ version: 1, owned: byPart.get(part) ?? [], ...(part === COPY ? { head } : {}) });
  const texts = new Map(parts.map((part) => [part, textOf(part)]));
  return new Map([...texts, [HEAD, JSON.stringify({ version: 1, ...head })]]);
}

/**
 * Joins the parts, or says what is damaged: guessing could delete or orphan objects. Where the head is missing its copy counts: objects are
 * touched only once both are written, so no position that was acted upon is above it. Parts without either were made just before a crash.
 */
export function joinRecord(texts: RecordParts): { ok: true; record: ClusterRecord } | { ok: false; reason: string } {
  const headText = texts.get(HEAD);
  const head = headText === undefined ? copyIn(texts) : headSchema.safeParse(parsed(headText)).data;
  if (head === undefined) return { ok: false, reason: 'its head is damaged' };
  const lost = head.parts.filter((part) => !texts.has(part));
  if (lost.length > 0) return { ok: false, reason: `parts are missing: ${lost.join(', ')}` };
  const owned: OwnedObject[] = [];
  for (const part of PARTS) {
    const text = texts.get(part);
    if (text === undefined) continue;
    const content = partSchema.safeParse(parsed(text)).data;
    if (content === undefined) return { ok: false, reason: `part ${part} is damaged` };
    owned.push(...content.owned);
  }
  return {
    ok: true,
    record: { fences: head.fences, owned: owned.sort((a, b) => (objectKey(a) < objectKey(b) ? -1 : 1)) },
  };
}

function copyIn(texts: RecordParts): Contents {
  const copy = partSchema.safeParse(parsed(texts.get(COPY) ?? '')).data;
  return copy?.head ?? { fences: [], parts: [] };
}

function partOf(owned: OwnedObject): string {
  return sha256Hex(objectKey(owned)).slice(0, 1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
