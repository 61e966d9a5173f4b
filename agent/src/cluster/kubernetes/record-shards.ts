import { objectKey, sha256Hex } from '@isthmus/domain';
import { comparePairs, lineKey } from '@isthmus/protocol';
import type { Position } from '@isthmus/protocol';
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

/** What head and copy say. */
export type Contents = z.infer<typeof contentsSchema>;

/** What one part says: its owned objects, and of head and copy the contents. */
export interface RecordPart {
  owned: readonly OwnedObject[];
  contents?: Contents;
}

/** All names that a part may have. */
export function partNames(): string[] {
  return [HEAD, ...PARTS];
}

/** Splits a record. Parts that were there before stay, even empty. */
export function partsOf(record: ClusterRecord, existing: ReadonlySet<string>): Map<string, RecordPart> {
  const byPart = new Map<string, OwnedObject[]>();
  for (const owned of record.owned) {
    const part = partOf(owned);
    const group = byPart.get(part);
    if (group === undefined) byPart.set(part, [owned]);
    else group.push(owned);
  }
  const names = PARTS.filter((part) => part === COPY || byPart.has(part) || existing.has(part));
  const contents: Contents = { fences: record.fences, parts: names };
  const parts = names.map((part): [string, RecordPart] => {
    const owned = byPart.get(part) ?? [];
    return [part, part === COPY ? { owned, contents } : { owned }];
  });
  return new Map([...parts, [HEAD, { owned: [], contents }]]);
}

/** A part as it is stored. */
export function textOfPart(part: string, { owned, contents }: RecordPart): string {
  if (part === HEAD) return JSON.stringify({ version: 1, ...contents });
  return JSON.stringify({ version: 1, owned, ...(contents === undefined ? {} : { head: contents }) });
}

/** The texts of all parts. */
export function splitRecord(record: ClusterRecord, existing: ReadonlySet<string>): RecordParts {
  return new Map([...partsOf(record, existing)].map(([name, part]) => [name, textOfPart(name, part)]));
}

/** A joined record, with its parts as they were read. */
export type JoinedRecord =
  { ok: true; record: ClusterRecord; parts: Map<string, RecordPart> } | { ok: false; reason: string };

/**
 * Joins the parts, or says what is damaged: guessing could delete or orphan objects. Head and copy both say the fences, and of each line
 * the higher position counts: one of them is written before objects are touched, the other later. Where the head is missing its copy names
 * the parts. Parts without either were made just before a crash.
 */
export function joinRecord(texts: RecordParts): JoinedRecord {
  const headText = texts.get(HEAD);
  const copy = copyIn(texts);
  const head = headText === undefined ? copy : headSchema.safeParse(parsed(headText)).data;
  if (head === undefined) return { ok: false, reason: 'its head is damaged' };
  const lost = head.parts.filter((part) => !texts.has(part));
  if (lost.length > 0) return { ok: false, reason: `parts are missing: ${lost.join(', ')}` };
  const parts = new Map<string, RecordPart>();
  if (headText !== undefined) parts.set(HEAD, { owned: [], contents: { fences: head.fences, parts: head.parts } });
  for (const part of PARTS) {
    const text = texts.get(part);
    if (text === undefined) continue;
    const content = partSchema.safeParse(parsed(text)).data;
    if (content === undefined) return { ok: false, reason: `part ${part} is damaged` };
    const { owned, head: contents } = content;
    parts.set(part, contents === undefined ? { owned } : { owned, contents });
  }
  const all = [...parts.values()].flatMap(({ owned }) => owned);
  const fences = highest([...head.fences, ...copy.fences]);
  return { ok: true, record: { fences, owned: all.sort((a, b) => (objectKey(a) < objectKey(b) ? -1 : 1)) }, parts };
}

function highest(fences: readonly Position[]): Position[] {
  const byLine = new Map<string, Position>();
  for (const fence of fences) {
    const known = byLine.get(lineKey(fence));
    if (known === undefined || comparePairs(fence, known) > 0) byLine.set(lineKey(fence), fence);
  }
  return [...byLine.values()];
}

function copyIn(texts: RecordParts): Contents {
  const copy = partSchema.safeParse(parsed(texts.get(COPY) ?? '')).data;
  return copy?.head ?? { fences: [], parts: [] };
}

const parts = new WeakMap<OwnedObject, string>();

/** Made once for each object: a record is split at every save, and few of its objects are new in it. */
function partOf(owned: OwnedObject): string {
  const known = parts.get(owned);
  if (known !== undefined) return known;
  const part = sha256Hex(objectKey(owned)).slice(0, 1);
  parts.set(owned, part);
  return part;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
