import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byCodeUnit, canonicalJson } from './canonical.js';
import type { Canonical } from './types.js';

describe('canonical text', () => {
  it('refuses floats, unsafe integers, minus zero, null, functions and broken Unicode', () => {
    const bad: unknown[] = [1.5, Number.NaN, Infinity, 2 ** 53, -0, null, () => 1, 1n, '\ud800', 'a\udc00'];
    for (const value of bad) {
      expect(() => canonicalJson(value as Canonical)).toThrow(TypeError);
      expect(() => canonicalJson({ a: [value as Canonical] })).toThrow(TypeError);
    }
    expect(canonicalJson(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
  });

  it('refuses keys that no schema would have', () => {
    for (const key of ['', 'a b', 'é', '__proto__x', '1a', 'a.b']) {
      expect(() => canonicalJson({ [key]: 1 })).toThrow(TypeError);
    }
  });

  it('writes neither undefined fields nor empty collections, at any depth', () => {
    expect(canonicalJson({ a: undefined, b: [], c: {}, d: { e: [], f: { g: {} } }, h: 0, i: '', j: false })).toBe(
      '{"h":0,"i":"","j":false}',
    );
  });

  it('passes well-formed Unicode unchanged, without normalising it', () => {
    expect(canonicalJson('é')).toBe('"é"');
    expect(canonicalJson('e\u0301')).toBe('"e\u0301"');
    expect(canonicalJson('😀\n"')).toBe('"😀\\n\\""');
  });

  it('sorts keys by code unit and keeps the order of arrays', () => {
    expect(canonicalJson({ b: [2, 1], a: 1, B: 2, aa: 3 })).toBe('{"B":2,"a":1,"aa":3,"b":[2,1]}');
    expect(['b', 'a', 'B', 'a'].sort(byCodeUnit)).toEqual(['B', 'a', 'a', 'b']);
  });

  it('is the same for every order of keys, and parses back to what was written', () => {
    const key = fc.stringMatching(/^[a-z]{1,4}$/).filter((name) => name in {} === false);
    const value: fc.Arbitrary<Canonical> = fc.letrec<{ node: Canonical }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'grapheme' }),
        fc.maxSafeInteger().map((n) => (n === 0 ? 0 : n)),
        fc.boolean(),
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
        fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      ),
    })).node;
    fc.assert(
      fc.property(value, (node) => {
        const text = canonicalJson(node);
        expect(JSON.parse(text)).toEqual(node);
        expect(canonicalJson(reversed(node))).toBe(text);
      }),
    );
  });
});

function reversed(node: Canonical): Canonical {
  if (typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map(reversed);
  const pairs = Object.entries(node).reverse();
  return Object.fromEntries(pairs.map(([key, field]) => [key, field === undefined ? undefined : reversed(field)]));
}
