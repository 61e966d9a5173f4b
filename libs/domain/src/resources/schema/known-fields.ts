import * as z from 'zod';

/** Names of the fields that the schema's mapping at a place has; empty if there is no mapping of known fields. */
export function knownFields(schema: z.ZodType, steps: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const step of steps) at = inner(bare(at), step);
  const found = bare(at);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function inner(schema: unknown, step: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<PropertyKey, unknown>)[step];
  if (schema instanceof z.ZodArray) return schema.element;
  return undefined;
}

function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return bare(schema.unwrap());
  return schema instanceof z.ZodPipe ? bare(schema.in) : schema;
}
