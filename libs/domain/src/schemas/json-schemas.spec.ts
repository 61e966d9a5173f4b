import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jsonSchemaFiles } from './json-schemas.js';

const folder = new URL('../../../../docs/schemas/', import.meta.url);
type Schema = Record<string, unknown>;

function undescribed(schema: Schema, path: string): string[] {
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const items = schema['items'] === undefined ? [] : [['[]', schema['items'] as Schema] as const];
  return [...fields, ...items].flatMap(([name, inner]) => [
    ...(typeof inner['description'] === 'string' ? [] : [`${path}.${name}`]),
    ...undescribed(inner, `${path}.${name}`),
  ]);
}

it('the published schemas are those of the code', () => {
  const files = jsonSchemaFiles();
  expect(readdirSync(folder).sort(), 'run npm run generate').toEqual([...files.keys()].sort());
  for (const [name, text] of files) {
    const published: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    expect(published, `${name}: run npm run generate`).toEqual(JSON.parse(text));
  }
});

it('every field of every kind has a description, every mapping refuses unknown fields', () => {
  for (const [name, text] of jsonSchemaFiles()) {
    const schema = JSON.parse(text) as Schema;
    expect(undescribed(schema, name)).toEqual([]);
    expect(schema['additionalProperties']).toBe(false);
  }
});
