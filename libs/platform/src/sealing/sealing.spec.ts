import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSealed, seal, sealedBy, unseal, type SecretPlace } from './envelope.js';
import { localKeyEncryption, parseKeys, type LocalKey } from './key-encryption.js';

const key = (id: string, byte = id.codePointAt(0) ?? 0): LocalKey => ({ id, key: Buffer.alloc(32, byte) });
const [a, b] = [key('a'), key('b')];
const PLACE = { org: 'o', table: 't', column: 'c', row: 'r' };

describe('a sealed secret', () => {
  it('does not open with an unknown key, with another key of the same name, or in another place', async () => {
    const sealed = await seal(localKeyEncryption([a]), 'planted', PLACE);
    const opened = (keys: LocalKey[], place: SecretPlace = PLACE) => unseal(localKeyEncryption(keys), sealed, place);
    await expect(opened([b])).rejects.toThrow('sealed with the key a, which is not among b');
    await expect(opened([key('a', 0)])).rejects.toThrow('the key a is not the one that sealed it');
    for (const other of [{ org: 'p' }, { table: 'u' }, { column: 'd' }, { row: 's' }])
      await expect(opened([a], { ...PLACE, ...other })).rejects.toThrow('sealed for another place');
    await expect(opened([a], { file: 'r' })).rejects.toThrow('sealed for another place');
    expect(await opened([b, a])).toBe('planted');
  });

  it('does not open once any character of it was changed', async () => {
    const keys = localKeyEncryption([a]);
    const sealed = await seal(keys, 'planted', PLACE);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 2), fc.constantFrom('A', 'B', '/', ' '), async (at, by) => {
        fc.pre(sealed[at] !== by && sealed[at] !== '=');
        const changed = sealed.slice(0, at) + by + sealed.slice(at + 1);
        const opened = await unseal(keys, changed, PLACE).catch(() => undefined);
        expect(opened === undefined || sameBytes(sealed, changed)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('gives back any text, is never the same twice, and holds nothing of it', async () => {
    const keys = localKeyEncryption([a, b]);
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 8 }), async (text) => {
        const [one, other] = [await seal(keys, text, PLACE), await seal(keys, text, PLACE)];
        expect(one).not.toBe(other);
        expect(one).not.toContain(text);
        expect(await unseal(keys, one, PLACE)).toBe(Buffer.from(text, 'utf8').toString('utf8'));
        expect([isSealed(one), sealedBy(one)]).toEqual([true, 'a']);
      }),
    );
  });
});

/** Bits beyond the last byte of a base64 text are nobody's. */
function sameBytes(one: string, other: string): boolean {
  const bytes = (text: string): string =>
    text
      .split(' ')
      .map((part) => Buffer.from(part, 'base64').toString('hex'))
      .join();
  return bytes(one) === bytes(other);
}

describe('keys as text', () => {
  const encoded = Buffer.alloc(32, 7).toString('base64');

  it.each([
    ['', ['there is no key']],
    ['k1', ['key 1 is not id:base64 of 32 bytes']],
    [`k1:${Buffer.alloc(31).toString('base64')}`, ['key 1 is not id:base64 of 32 bytes']],
    [`k1:${encoded}\nk1:${encoded}`, ['two keys have the same id']],
    [`k 1:${encoded}`, ['key 1 is not id:base64 of 32 bytes']],
  ])('are refused: %j', (text, faults) => {
    expect(parseKeys(text)).toEqual({ ok: false, faults });
  });

  it('are read in order, from lines or with commas', () => {
    const read = parseKeys(`# the new one\nk2:${encoded},\n k1:${encoded}`);
    expect(read).toMatchObject({ ok: true, keys: [{ id: 'k2' }, { id: 'k1' }] });
  });
});
