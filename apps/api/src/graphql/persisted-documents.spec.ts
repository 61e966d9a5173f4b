import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentId, persistedDocuments, readPersistedDocuments } from './persisted-documents.js';

const QUERY = '{ viewer { role } }';
const LIST = { [documentId(QUERY)]: QUERY };

describe('documents by hash', () => {
  it('are known by the SHA-256 of their bytes', () => {
    expect(documentId('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('are refused where the hash is another document’s', () => {
    expect(() => persistedDocuments({ [documentId('{ a }')]: QUERY }, 'any')).toThrow(/has the hash sha256:/);
  });

  it('let others run by policy, and none other where only they may', () => {
    const [open, closed] = [persistedDocuments(LIST, 'any'), persistedDocuments(LIST, 'persisted')];
    expect([open.mayRun(QUERY), open.mayRun('{ a }')]).toEqual([true, true]);
    expect([closed.mayRun(QUERY), closed.mayRun('{ a }'), closed.mayRun(`${QUERY} `)]).toEqual([true, false, false]);
    expect([closed.byId(documentId(QUERY)), closed.byId(documentId('{ a }'))]).toEqual([QUERY, undefined]);
    expect(closed.byId('__proto__')).toBeUndefined();
  });

  it('come from files that are checked', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'isthmus-documents-')), 'documents.json');
    const read = (content: unknown) => {
      writeFileSync(file, JSON.stringify(content));
      return readPersistedDocuments([file], 'persisted');
    };
    expect(read(LIST).mayRun(QUERY)).toBe(true);
    const other = join(dirname(file), 'other.json');
    writeFileSync(other, JSON.stringify({ [documentId('{ a }')]: '{ a }' }));
    const both = readPersistedDocuments([file, other], 'persisted');
    expect([QUERY, '{ a }', '{ b }'].map((document) => both.mayRun(document))).toEqual([true, true, false]);
    expect(readPersistedDocuments([], 'persisted').mayRun(QUERY)).toBe(false);
    for (const wrong of [[], { a: QUERY }, { [documentId(QUERY)]: 1 }, { [documentId(QUERY).toUpperCase()]: QUERY }])
      expect(() => read(wrong)).toThrow(/is no list of documents by hash/);
  });
});
