import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { renderYaml } from './render-yaml.js';

const object = (spec: unknown) => ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'object' }, spec });

describe('renderYaml', () => {
  it('is empty for no objects', () => expect(renderYaml([])).toBe(''));

  it('quotes what a reader of YAML 1.1 would take for something else', () => {
    const text = renderYaml([object(['on', 'yes', 'null', '0123', '1:30', '1e3', '~', '0x10', '2001-01-01', '', '.'])]);
    for (const document of [parseAllDocuments(text, { version: '1.1' }), parseAllDocuments(text, { version: '1.2' })]) {
      expect(document[0]?.toJS()).toEqual(
        object(['on', 'yes', 'null', '0123', '1:30', '1e3', '~', '0x10', '2001-01-01', '', '.']),
      );
    }
  });

  it('cannot be broken out of', () => {
    const hostile = 'a\n---\nkind: Secret\n# ';
    expect(
      parseAllDocuments(renderYaml([object({ [hostile]: hostile })])).map((document) => document.toJS() as unknown),
    ).toEqual([object({ [hostile]: hostile })]);
  });

  it('says the same as the object, in bytes that do not depend on the order of keys', () => {
    const json = fc.jsonValue();
    fc.assert(
      fc.property(json, (spec) => {
        const plain = JSON.parse(JSON.stringify(object(spec))) as ReturnType<typeof object>;
        const reversed = Object.fromEntries(Object.entries(plain).reverse()) as ReturnType<typeof object>;
        expect(renderYaml([reversed])).toBe(renderYaml([plain]));
        expect(parseAllDocuments(renderYaml([plain]))[0]?.toJS()).toEqual(plain);
      }),
    );
  });

  it('puts what names the object first and uses no anchors', () => {
    const same = { a: 1 };
    expect(renderYaml([object({ z: same, b: same, name: 'x' })])).toBe(
      'apiVersion: v1\nkind: X\nmetadata:\n  name: object\nspec:\n  name: x\n  b:\n    a: 1\n  z:\n    a: 1\n',
    );
  });
});

describe('renderYaml writes what the library writes', () => {
  const sortedMap = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sortedMap);
    if (typeof value !== 'object' || value === null) return value;
    const first = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];
    const place = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);
    const keys = Object.keys(value).sort();
    keys.sort((a, b) => place(a) - place(b));
    return new Map(keys.map((key) => [key, sortedMap((value as Record<string, unknown>)[key])]));
  };
  const byLibrary = (value: unknown) =>
    stringify(sortedMap(value), { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false });
  const same = (spec: unknown) => {
    expect(renderYaml([object(spec)])).toBe(byLibrary(object(spec)));
    if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return;
    const whole = { ...object({}), ...spec };
    expect(renderYaml([whole])).toBe(byLibrary(whole));
  };

  it.each([
    '',
    ' ',
    '-',
    '0',
    '-0',
    '0x1f',
    '0b11',
    '0o7',
    '1e5',
    '1_000',
    '12e03',
    '1:30:00',
    'a:',
    'a: b',
    'a #b',
    '#a',
  ])('of %j as value, key and item', (text) => same({ [text]: text, list: [text, [text]] }));

  it.each([
    ['empty collections', { a: {}, b: [], c: [[], {}, [[]], [{}]] }],
    ['lists of lists and mappings', [[[1, 2], [{ a: [{ b: 1, c: 2 }], d: 3 }]], { a: 1, b: [2] }]],
    ['numbers', [0, -0, 1.5, -7, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, 2 ** 53, Infinity, -Infinity, NaN]],
    ['texts of several lines', { a: 'b\nc', d: ['e\n', '\n', 'f\n\n'], 'g\nh': 1 }],
    ['long texts and keys', { a: 'word '.repeat(80), ['k'.repeat(600)]: 'w'.repeat(600), ['k'.repeat(2000)]: 1 }],
    ['fields that are undefined', { a: undefined, b: 1 }],
    ['letters of other scripts, and controls', ['ä', '日本', '\u0085', '\u2028', '\u0000', '\ufeff', '\ud800', '😀']],
  ])('of %s', (_, spec) => same(spec));

  it('of texts of marks, digits and the letters that numbers, dates and constants are made of', () => {
    const unit = fc.constantFrom(...'0123456789abcdefABCDEFxXoOyYnNtTrRuUlLsS_.-+:/=~ #,*&!|>%@`\'"?[]{}<\\\t\n');
    const text = fc.oneof(
      fc.string({ unit, maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...'0123456789eE.+-:_'), maxLength: 20 }),
      fc.string({ unit: fc.constantFrom(...'onyesfalrutONYESFALRUT'), maxLength: 5 }),
      fc.string({ unit: fc.constantFrom(...'0123456789-T:.Zt zZ+'), maxLength: 30 }),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 8, maxLength: 64 }),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
        same({ list: texts, map: Object.fromEntries(texts.map((one) => [one, one])) });
        same(Object.fromEntries(texts.map((one) => [one, one])));
      }),
      { numRuns: 400 },
    );
  });

  it('of any value of JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (spec) => same(JSON.parse(JSON.stringify(spec)))),
      { numRuns: 300 },
    );
  });
});
