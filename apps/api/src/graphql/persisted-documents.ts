import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** `any`: every document runs; `persisted`: only those of the list do. */
export const DOCUMENT_POLICIES = ['any', 'persisted'] as const;
export type DocumentPolicy = (typeof DOCUMENT_POLICIES)[number];

const ID = /^sha256:[0-9a-f]{64}$/;
const fileSchema = z.record(z.string().regex(ID, 'must be sha256:<64 hex digits>'), z.string().min(1).max(100_000));

/** Documents that clients name by their hash instead of sending them. */
export interface PersistedDocuments {
  /** The document of an id `sha256:<hex>`; undefined if the list has none. */
  byId(id: string): string | undefined;
  /** False where only documents of the list may run, and this is none of them. */
  mayRun(document: string): boolean;
}

/** Id of a document: the SHA-256 over its UTF-8 bytes. */
export function documentId(document: string): string {
  return `sha256:${createHash('sha256').update(document, 'utf8').digest('hex')}`;
}

/** A list of documents by id. Whoever lists one under an id that is not its hash has mixed something up: an error. */
export function persistedDocuments(
  documents: Readonly<Record<string, string>>,
  policy: DocumentPolicy,
): PersistedDocuments {
  const known = new Map(Object.entries(documents));
  for (const [id, document] of known)
    if (documentId(document) !== id)
      throw new Error(`the document listed as ${id} has the hash ${documentId(document)}`);
  return {
    byId: (id) => known.get(id),
    mayRun: (document) => policy === 'any' || known.has(documentId(document)),
  };
}

/** Reads lists from JSON files: `{"sha256:…": "query { … }"}`. What stands in any of them counts. */
export function readPersistedDocuments(files: readonly string[], policy: DocumentPolicy): PersistedDocuments {
  return persistedDocuments(Object.fromEntries(files.flatMap((file) => Object.entries(documentsIn(file)))), policy);
}

function documentsIn(file: string): Record<string, string> {
  const parsed = fileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is no list of documents by hash: ${parsed.error.issues[0]?.message ?? ''}`);
}

/** No list, and every document may run. */
export const ANY_DOCUMENT: PersistedDocuments = persistedDocuments({}, 'any');
