import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ALL_KINDS } from '../resources/kinds.js';
import { changeText } from './change-text.js';
import { changedValue, type Change } from './changed-value.js';
import { loadSchema, type FieldSchema } from './field-schema.js';
import { isRecord, readText, valueAt, type Path } from './plain-text.js';
import { documentsOf } from './schema-documents.fixture.js';
import { chosenWay, shownFields, switchTo, wordOf } from './ways.js';

/** Mappings of a schema that are filled in in one of several ways. */
function mappingsOf(schema: FieldSchema): FieldSchema[] {
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return [...(schema.oneOf === undefined ? [] : [schema]), ...inner.flatMap(mappingsOf)];
}

const all = (await Promise.all(ALL_KINDS.map(loadSchema))).flatMap(mappingsOf);
const apply = (value: unknown, changes: readonly Change[]): unknown => changes.reduce(changedValue, value);

const issuer: FieldSchema = {
  type: 'object',
  properties: { issuer: { type: 'string' }, jwksUri: { type: 'string' }, jwks: { type: 'string' } },
  required: ['issuer'],
  oneOf: [
    { title: 'fetched', required: ['jwksUri'], properties: { jwks: false } },
    { title: 'written', required: ['jwks'], properties: { jwksUri: false } },
  ],
};
const indicator: FieldSchema = {
  type: 'object',
  properties: { type: { type: 'string', enum: ['A', 'L'] }, thresholdMs: { type: 'integer', minimum: 1 } },
  oneOf: [
    { title: 'A', properties: { type: { const: 'A' }, thresholdMs: false } },
    { title: 'L', required: ['type', 'thresholdMs'], properties: { type: { const: 'L' } } },
  ],
};
const shown = (schema: FieldSchema, value: unknown): string[] => shownFields(schema, value).map(([key]) => key);

describe('ways to fill in a mapping', () => {
  it('hide nothing that is there, whichever way is chosen', () => {
    expect(shown(issuer, { issuer: 'i', jwksUri: 'u', jwks: 'k' })).toEqual(['issuer', 'jwksUri', 'jwks']);
    expect(shown(indicator, { type: 'A', thresholdMs: 3 })).toEqual(['type', 'thresholdMs']);
  });

  it('are the nearest one to what is there, the first one where nothing is', () => {
    expect(chosenWay(issuer, undefined)?.title).toBe('fetched');
    expect(chosenWay(issuer, { issuer: 'i' })?.title).toBe('fetched');
    expect(chosenWay(issuer, { jwks: '' })?.title).toBe('written');
    expect([chosenWay(indicator, {})?.title, chosenWay(indicator, { type: 'L' })?.title]).toEqual(['A', 'L']);
    expect(chosenWay(indicator, { type: 'unheard of' })?.title).toBe('A');
    expect([wordOf(issuer), wordOf(indicator), wordOf({})]).toEqual([undefined, 'type', undefined]);
  });

  it('show the fields of the one that is chosen alone', () => {
    expect(shown(issuer, {})).toEqual(['issuer', 'jwksUri']);
    expect(shown(issuer, { jwks: 'k' })).toEqual(['issuer', 'jwks']);
    expect(shown(indicator, { type: 'L' })).toEqual(['type', 'thresholdMs']);
  });

  it('are known of every kind that has some', () => {
    expect(all.length).toBeGreaterThan(20);
    for (const { oneOf = [], properties = {} } of all) {
      expect(new Set(oneOf.map(({ title }) => title)).size).toBe(oneOf.length);
      const named = oneOf.flatMap((way) => [...(way.required ?? []), ...Object.keys(way.properties ?? {})]);
      expect(named.filter((key) => properties[key] === undefined)).toEqual([]);
    }
  });

  it('change into one another: what the new one must have is there, what it may not have is gone, and nothing is lost when the old one comes back', () => {
    const one = fc.constantFrom(...all).chain((schema) => fc.tuple(fc.constant(schema), documentsOf(schema), fc.nat()));
    fc.assert(
      fc.property(one, ([schema, document, which]) => {
        const { oneOf = [] } = schema;
        const first = chosenWay(schema, document);
        const way = oneOf[which % oneOf.length];
        if (way === undefined || first === undefined) return;
        const clean = apply(document, switchTo(first, { schema, path: [], value: document, kept: {} }));
        const switched = apply(clean, switchTo(way, { schema, path: [], value: clean, kept: {} }));
        expect(chosenWay(schema, switched)?.title).toBe(way.title);
        const absent = Object.entries(way.properties ?? {}).filter(([, said]) => said === false);
        const fields = switched as Record<string, unknown>;
        expect(absent.filter(([key]) => fields[key] !== undefined)).toEqual([]);
        expect((way.required ?? []).filter((key) => fields[key] === undefined)).toEqual([]);
        const kept = Object.fromEntries(Object.entries(clean as object).filter(([key]) => fields[key] === undefined));
        const back = apply(switched, switchTo(first, { schema, path: [], value: switched, kept }));
        expect(back).toMatchObject(clean as object);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(ALL_KINDS)('a document of kind %s', (kind) => {
  it('stays one, with its comments, when a mapping is filled in in another way', async () => {
    const schema = await loadSchema(kind);
    fc.assert(
      fc.property(documentsOf(schema), fc.nat(), fc.nat(), (value, which, how) => {
        const places = placesOf(schema, value);
        const place = places[which % Math.max(places.length, 1)];
        const way = place?.schema.oneOf?.[how % place.schema.oneOf.length];
        if (place === undefined || way === undefined) return;
        let text = `# kept\n${stringify(value, { lineWidth: 0, blockQuote: false })}`;
        const at = valueAt(value, place.path);
        const changes = switchTo(way, { ...place, value: at, kept: {} });
        for (const change of changes) {
          const reading = readText(text, kind);
          if ('fault' in reading) throw new Error(`${reading.fault} ${reading.detail}\n${text}`);
          text = changeText(reading, change);
        }
        const after = readText(text, kind);
        expect(text.startsWith('# kept\n')).toBe(true);
        expect('fault' in after ? after : after.value).toEqual(apply(value, changes));
      }),
      { numRuns: 20 },
    );
  });
});

function placesOf(schema: FieldSchema, value: unknown, path: Path = []): { schema: FieldSchema; path: Path }[] {
  const here = schema.oneOf !== undefined && isRecord(value) ? [{ schema, path }] : [];
  const fields = Object.entries(schema.properties ?? {}).map(([key, one]) => [key, one] as const);
  const items = Array.isArray(value) && schema.items !== undefined ? value.map((_, index) => index) : [];
  return [
    ...here,
    ...fields.flatMap(([key, one]) => placesOf(one, valueAt(value, [key]), [...path, key])),
    ...items.flatMap((index) => placesOf(schema.items ?? {}, valueAt(value, [index]), [...path, index])),
  ];
}
