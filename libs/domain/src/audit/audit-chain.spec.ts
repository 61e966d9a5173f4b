import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditChain, type AuditAnchor } from './audit-chain.js';
import { auditRowHash, auditRowsHash, type AuditRow } from './audit-row.js';
import { FIRST_SEAL, nextSeal, sealText, type AuditSeal } from './audit-seal.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signed = (text: string): string => sign(null, Buffer.from(text), privateKey).toString('base64');
const isSigned = (text: string, signature: string): boolean =>
  verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));

const row = (id: string, fields: Partial<AuditRow> = {}): AuditRow => ({
  ...{ id, at: '2026-11-28T10:00:00.000Z', actor: 'token:t', action: 'putResource', subjectKind: 'GlobalNamespace' },
  ...{ subjectId: 'u', project: 'default', name: 'shop', after: { domain: 'shop.global' } },
  ...fields,
});

interface Batch {
  seal: AuditSeal;
  rows: AuditRow[];
}

function chainOf(...batches: AuditRow[][]): Batch[] {
  let last: AuditSeal | undefined;
  return batches.map((rows) => {
    const content = { rows: rows.length, rowsHash: auditRowsHash(rows), sealedAt: '2026-11-28T10:00:05.000Z' };
    last = nextSeal('acme', last, { ...content, sign: signed });
    return { seal: last, rows };
  });
}

function judge(batches: readonly Batch[], anchor?: AuditAnchor, org = 'acme'): string[] {
  const chain = new AuditChain({ org, verify: isSigned, anchor });
  const found = batches.flatMap(({ seal, rows }) => chain.next(seal, rows));
  return [...found, ...chain.end()].map(({ code, message }) => `${code} ${message}`);
}

const whole = () => chainOf([row('1'), row('2')], [row('3')], [row('4'), row('5')]);

describe('a chain of seals', () => {
  it('is broken where a seal is missing', () => {
    const [first, , third] = whole();
    expect(judge([first, third].filter((one) => one !== undefined))).toEqual(['ISM0970 seal 3 comes after seal 1']);
    expect(judge(whole().slice(1))).toEqual(['ISM0970 seal 2 comes after seal 0']);
  });

  it.each([
    ['changed', [row('3', { actor: 'token:other' })], 'the 1 changes of seal 2 are not those that were sealed'],
    ['changed in what was there before', [row('3', { before: { domain: 'x' } })], 'the 1 changes of seal 2 are not'],
    ['removed', [], 'seal 2 covers 1 changes, and 0 are there'],
    ['added', [row('3'), row('6')], 'seal 2 covers 1 changes, and 2 are there'],
    ['moved from another seal', [row('4')], 'the 1 changes of seal 2 are not those that were sealed'],
  ])('is broken where a change was %s', (_, rows, message) => {
    const batches = whole().map((batch) => (batch.seal.seq === 2 ? { ...batch, rows } : batch));
    expect(judge(batches)).toEqual([expect.stringContaining(`ISM0972 ${message}`)]);
  });

  it('is broken where a seal was made anew without the key', () => {
    const [first, second, third] = whole();
    if (first === undefined || second === undefined || third === undefined) throw new Error('three seals');
    const rows = [row('3', { actor: 'token:other' })];
    const content = { rows: 1, rowsHash: auditRowsHash(rows), sealedAt: second.seal.sealedAt };
    const forged = nextSeal('acme', first.seal, { ...content, sign: () => second.seal.signature });
    expect(judge([first, { seal: forged, rows }, third])).toEqual([
      'ISM0973 seal 2 is not signed by a trusted key',
      'ISM0971 seal 3 does not follow the seal before it',
    ]);
  });

  it('is broken where a seal is not what its hash says, or is of another organization', () => {
    const [first] = whole();
    if (first === undefined) throw new Error('a seal');
    const later = { ...first, seal: { ...first.seal, sealedAt: '2026-11-28T11:00:05.000Z' } };
    expect(judge([later]).map((text) => text.slice(0, 7))).toEqual(['ISM0971', 'ISM0973']);
    expect(judge([first], undefined, 'other').map((text) => text.slice(0, 7))).toEqual(['ISM0971', 'ISM0973']);
  });

  it('is not the one that was noted where that seal is not in it', () => {
    const [first, , third] = whole();
    const hash = third?.seal.hash ?? '';
    const cut = whole().slice(0, 2);
    expect(judge(cut, { seq: 3, hash })).toEqual([`ISM0974 seal 3:${hash} is not in the chain: the chain ends at 2`]);
    expect(judge(whole(), { seq: 2, hash })).toEqual([
      `ISM0974 seal 2:${hash} is not in the chain: another one has its place`,
    ]);
    expect(judge([], { seq: 1, hash: first?.seal.hash ?? '' })).toHaveLength(1);
  });

  it('is whole as it was sealed, whatever the order of its changes, up to a noted seal', () => {
    const batches = whole().map(({ seal, rows }) => ({ seal, rows: rows.toReversed() }));
    const chain = new AuditChain({ org: 'acme', verify: isSigned });
    expect(batches.flatMap(({ seal, rows }) => chain.next(seal, rows))).toEqual([]);
    expect([chain.head.seq, chain.rows, batches[0]?.seal.previous]).toEqual([3, 5, FIRST_SEAL]);
    expect(judge(batches, { seq: 2, hash: batches[1]?.seal.hash ?? '' })).toEqual([]);
    expect(judge([])).toEqual([]);
  });

  it('notices any change of any text of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.nat(), fc.string({ minLength: 1 }), (at, place, text) => {
        const batches = whole();
        const { seal, rows } = batches[at] ?? { seal: undefined, rows: [] };
        const texts = [...rows.map((one) => [one, 'name'] as const), [seal, 'rowsHash'], [seal, 'previous']] as const;
        const [object, key] = texts[place % texts.length] ?? [];
        const fields = object as unknown as Record<string, string>;
        fields[key ?? ''] = `${fields[key ?? ''] ?? ''}${text}`;
        expect(judge(batches)).not.toEqual([]);
      }),
    );
  });
});

describe('the hash of a change', () => {
  it('is that of its canonical JSON, without what is not given', () => {
    const text =
      '{"action":"putResource","actor":"token:t","after":{"a":1.5,"b":[null]},"at":"2026-11-28T10:00:00.000Z","id":"1","name":"shop","project":"default","subjectId":"u","subjectKind":"GlobalNamespace"}';
    const hash = createHash('sha256').update(text).digest('hex');
    const given = row('1', { after: { b: [null], a: 1.5 }, before: null, ip: null });
    expect(auditRowHash(given)).toBe(hash);
    expect(auditRowHash(Object.assign(row('1', { after: { a: 1.5, b: [null] } }), { seal: 3 }))).toBe(hash);
  });

  it('is another one for each field', () => {
    const given = row('1');
    const others = Object.keys(given).map((key) => auditRowHash({ ...given, [key]: 'other' }));
    const more = [{ before: 1 }, { requestId: 'r' }, { tokenId: 'r' }, { ip: 'r' }].map((one) =>
      auditRowHash(row('1', one)),
    );
    expect(new Set([auditRowHash(given), ...others, ...more]).size).toBe(others.length + more.length + 1);
  });
});

it('the text of a seal names its form, its organization and all that it says', () => {
  const body = { seq: 2, rows: 1, rowsHash: 'r', previous: 'p', sealedAt: 't' };
  expect(sealText('acme', body)).toBe(
    '{"org":"acme","previous":"p","rows":1,"rowsHash":"r","sealedAt":"t","seq":2,"type":"isthmus.audit-seal/v1"}',
  );
});
