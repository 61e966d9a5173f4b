import * as z from 'zod';
import { KIND_SCHEMAS, RESOURCE_KINDS } from '../resources/schema/kinds.js';

/** File name of the JSON Schema of a kind, for example global-namespace.schema.json. */
export function schemaFileName(kind: string): string {
  return `${kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.schema.json`;
}

/**
 * The published JSON Schemas (draft 2020-12) by file name, as text that ends with a newline. They describe what is accepted, with
 * a description of every field; rules between fields and documents are those of parseResource and validateResources.
 */
export function jsonSchemaFiles(): Map<string, string> {
  return new Map(
    RESOURCE_KINDS.map((kind) => {
      const schema = z.toJSONSchema(KIND_SCHEMAS[kind], { io: 'input', target: 'draft-2020-12' });
      return [schemaFileName(kind), `${JSON.stringify(schema, null, 2)}\n`];
    }),
  );
}
