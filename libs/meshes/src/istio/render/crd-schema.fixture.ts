import fs from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '@isthmus/domain';
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = Record<string, unknown>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The API server drops unknown fields in silence; here they are refused. Branches of oneOf and the like name only some fields. */
function closed(schema: Schema): Schema {
  const out: Schema = { ...schema };
  if (isSchema(schema['properties'])) {
    out['properties'] = Object.fromEntries(
      Object.entries(schema['properties']).map(([name, field]) => [name, closed(field as Schema)]),
    );
    out['additionalProperties'] ??= false;
  }
  if (isSchema(schema['items'])) out['items'] = closed(schema['items']);
  if (isSchema(schema['additionalProperties'])) out['additionalProperties'] = closed(schema['additionalProperties']);
  return out;
}

const file = path.resolve(import.meta.dirname, '../../../testdata/istio-crd/generated/schemas.json');
const schemas = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, Schema>;
const ajv = new Ajv({ strict: false, allErrors: true, formats: { int32: true, double: true, byte: true } });
const validators = new Map<string, ValidateFunction>(
  Object.entries(schemas).map(([kind, schema]) => [kind, ajv.compile(closed(schema))]),
);

/** What the schema of its custom resource finds wrong with an object; unknown fields and kinds included. */
export function schemaFaults({ apiVersion, kind, spec }: KubeObject): string[] {
  const validate = validators.get(`${apiVersion}/${kind}`);
  if (validate === undefined) return [`no schema of ${apiVersion}/${kind}`];
  if (validate(spec)) return [];
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  );
}
