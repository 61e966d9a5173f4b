import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseResource } from '../resources/parse-resource.js';
import { isResourceKind } from '../resources/schema/kinds.js';
import type { Variant } from '../resources/schema/variants.js';
import { jsonSchemaFiles, schemaFileName } from './json-schemas.js';

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Variant[];
}
interface Place {
  /** Of the mapping in its schema, whatever the index of items. */
  at: string;
  schema: Schema;
  value: Record<string, unknown>;
  document: Record<string, unknown>;
}

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const read = (...parts: string[]): string => fs.readFileSync(path.join(ROOT, ...parts), 'utf8');
const pages = fs.readdirSync(path.join(ROOT, 'docs/policies')).filter((name) => name.endsWith('.md'));
const texts = pages.flatMap((page) =>
  [...read('docs/policies', page).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml),
);
const schemas = new Map([...jsonSchemaFiles()].map(([name, text]) => [name, JSON.parse(text) as Schema]));

/** Every mapping that is filled in in one of several ways, of every example that the parser takes. */
function placesIn(schema: Schema, value: unknown, at: string): Omit<Place, 'document'>[] {
  if (Array.isArray(value)) return value.flatMap((one) => placesIn(schema.items ?? {}, one, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const inner = Object.entries(schema.properties ?? {});
  return [
    ...(schema.oneOf === undefined ? [] : [{ at, schema, value: fields }]),
    ...inner.flatMap(([key, one]) => placesIn(one, fields[key], `${at}.${key}`)),
  ];
}

const isRefused = (document: unknown): boolean =>
  parseResource(document).issues.some(({ severity }) => severity === 'ERROR');

const places = texts
  .flatMap((text) => parseAllDocuments(text).map((one) => one.toJS() as Record<string, unknown> | null))
  .flatMap((document): Place[] => {
    const kind = document?.['kind'];
    if (document === null || typeof kind !== 'string' || !isResourceKind(kind) || isRefused(document)) return [];
    const schema = schemas.get(schemaFileName(kind)) ?? {};
    return placesIn(schema, document, kind).map((place) => ({ ...place, document }));
  });

function fits({ required = [], properties = {} }: Variant, value: Record<string, unknown>): boolean {
  const says = ([key, said]: [string, false | { const: string }]): boolean =>
    value[key] === undefined || (said !== false && value[key] === said.const);
  return required.every((key) => value[key] !== undefined) && Object.entries(properties).every(says);
}

describe('ways to fill in a mapping, as the schemas publish them', () => {
  it('are taken by the parser in exactly one of them, in every example of the documentation', () => {
    expect(new Set(places.map(({ at }) => at)).size).toBeGreaterThan(10);
    const odd = places.filter(({ schema, value }) => schema.oneOf?.filter((way) => fits(way, value)).length !== 1);
    expect(odd.map(({ at, value }) => `${at} ${JSON.stringify(value)}`)).toEqual([]);
  });

  it('are refused by the parser together: no field of another way may stand beside those of one', () => {
    const known = new Map<string, unknown>();
    for (const { at, value } of places) for (const [key, one] of Object.entries(value)) known.set(`${at}.${key}`, one);
    const tried = places.flatMap(({ at, schema, value, document }) => {
      const way = schema.oneOf?.find((one) => fits(one, value));
      const absent = Object.entries(way?.properties ?? {}).filter(([, said]) => said === false);
      return absent.flatMap(([key]) => {
        if (!known.has(`${at}.${key}`)) return [];
        value[key] = structuredClone(known.get(`${at}.${key}`));
        const isAnotherWay = schema.oneOf?.some((one) => fits(one, value));
        const outcome = { what: `${at}.${key}`, isRefused: isRefused(document) };
        delete value[key];
        return isAnotherWay ? [] : [outcome];
      });
    });
    expect(tried.length).toBeGreaterThan(10);
    expect(tried.filter((one) => !one.isRefused).map(({ what }) => what)).toEqual([]);
  });
});
