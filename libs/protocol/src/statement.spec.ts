import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStatementText, statementFault, statementText } from './statement.js';
import type { Statement } from './statement.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const verifyText = (text: string, signature: string): boolean =>
  verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
const signed = (statement: Statement): { statement: Statement; signature: string } => ({
  statement,
  signature: sign(null, Buffer.from(statementText(statement)), privateKey).toString('base64'),
});
const base: Statement = {
  org: 'default',
  cluster: 'c1',
  gns: 'g1',
  line: 'policy',
  epoch: 1,
  seq: 7,
  root: 'a'.repeat(64),
};
const audience = { org: 'default', cluster: 'c1' };

describe('statementFault', () => {
  it.each<[string, Partial<Statement>]>([
    ['seq', { seq: 8 }],
    ['epoch', { epoch: 2 }],
    ['root', { root: 'b'.repeat(64) }],
    ['line', { line: 'catalog' }],
    ['gns', { gns: 'g2' }],
    ['cluster', { cluster: 'c2' }],
    ['catalog barrier', { minCatalogSeq: 0 }],
    ['step', { step: 'expand' }],
  ])('refuses a signature that was made for another %s', (_, change) => {
    const { signature } = signed(base);
    expect(statementFault({ statement: { ...base, ...change }, signature }, audience, verifyText)).toBe(
      'bad-signature',
    );
  });

  it('refuses a correctly signed statement for another cluster or organization', () => {
    expect(statementFault(signed({ ...base, cluster: 'c2' }), audience, verifyText)).toBe('other-cluster');
    expect(statementFault(signed({ ...base, org: 'acme' }), audience, verifyText)).toBe('other-organization');
  });

  it('refuses a policy statement that names no cluster', () => {
    expect(statementFault(signed({ ...base, cluster: undefined }), audience, verifyText)).toBe('cluster-missing');
  });

  it('takes a catalog head that names no cluster, and its own policy', () => {
    expect(
      statementFault(signed({ ...base, cluster: undefined, line: 'catalog' }), audience, verifyText),
    ).toBeUndefined();
    expect(statementFault(signed(base), audience, verifyText)).toBeUndefined();
  });
});

describe('statementText', () => {
  it('differs whenever a field differs', () => {
    const arbitrary = fc.record({
      org: fc.constantFrom('a', 'b'),
      cluster: fc.constantFrom(undefined, 'a', 'b'),
      gns: fc.constantFrom('a', 'b'),
      line: fc.constantFrom('policy', 'catalog', 'cluster'),
      epoch: fc.nat(20),
      seq: fc.nat(20),
      root: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
      minCatalogSeq: fc.constantFrom(undefined, 0, 1),
      step: fc.constantFrom(undefined, 'expand', 'switch'),
    });
    const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
    fc.assert(fc.property(arbitrary, arbitrary, (a, b) => (statementText(a) === statementText(b)) === same(a, b)));
  });
});

describe('parseStatementText', () => {
  it.each([
    '',
    'isthmus/statement/v1',
    `${statementText(base)}x`,
    statementText(base).replace('\n7\n', '\n07\n'),
    statementText(base).replace('policy', 'other'),
    statementText({ ...base, step: 'expand' }).replace('v2', 'v1'),
    statementText({ ...base, step: 'expand' }).replace('expand', 'contract'),
    statementText(base).replace('v1', 'v2'),
  ])('refuses a text that was not written by statementText', (text) => {
    expect(parseStatementText(text)).toBeUndefined();
  });

  it('reads back every statement, with and without a cluster and a barrier', () => {
    for (const statement of [
      base,
      { ...base, cluster: undefined, line: 'catalog' as const },
      { ...base, minCatalogSeq: 0 },
      { ...base, minCatalogSeq: 0, step: 'expand' as const },
      { ...base, step: 'switch' as const },
    ]) {
      expect(parseStatementText(statementText(statement))).toEqual(statement);
    }
  });
});
