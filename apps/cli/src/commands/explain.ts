import { didYouMean, GROUP_VERSION, jsonSchemaFiles, schemaFileName } from '@isthmus/domain';
import * as z from 'zod';
import { kindNamed } from '../online/kinds.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/** What is shown of a JSON Schema. */
interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: unknown;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  examples?: unknown[];
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    description: z.string().optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    items: schema.optional(),
    enum: z.array(z.unknown()).optional(),
    examples: z.array(z.unknown()).optional(),
  }),
);

/** `isthmus explain KIND[.field…]`: what a field means, from the published JSON Schemas. Needs no server. */
export async function explain(
  terminal: Terminal,
  path: string,
  { recursive = false }: { recursive?: boolean },
): Promise<ExitCode> {
  const [word = '', ...fields] = path.split('.');
  const kind = kindNamed(word);
  const text = jsonSchemaFiles().get(schemaFileName(kind));
  let found = schema.parse(JSON.parse(text ?? '{}'));
  let isNeeded = false;
  fields.forEach((field, index) => {
    const parent = inner(found);
    isNeeded = parent.required?.includes(field) === true;
    found = fieldOf(parent, field, [kind, ...fields.slice(0, index)].join('.'));
  });
  terminal.out(`KIND:     ${kind}\nVERSION:  ${GROUP_VERSION}\n`);
  if (fields.length > 0)
    terminal.out(`FIELD:    ${fields.join('.')} <${typeOf(found)}>${isNeeded ? ' -required-' : ''}\n`);
  const facts = [...about(found), ...(found.items === undefined ? [] : about(found.items))];
  if (facts.length > 0) terminal.out(`\n${facts.map((line) => `${line}\n`).join('')}`);
  const lines = fieldLines(inner(found), { recursive, indent: '  ' });
  if (lines.length > 0) terminal.out(`\nFIELDS:\n${lines.join('\n')}\n`);
  return Promise.resolve(EXIT.ok);
}

/** Lists are passed through, as in paths of kubectl: members.clusters is a field of each rule. */
const inner = (of: Schema): Schema => of.items ?? of;

function fieldOf({ properties = {} }: Schema, field: string, place: string): Schema {
  const found = Object.hasOwn(properties, field) ? properties[field] : undefined;
  if (found !== undefined) return found;
  const hint = didYouMean(field, Object.keys(properties)) ?? 'it has no fields';
  throw new UsageError(`${place} has no field ${JSON.stringify(field)}: ${hint}`);
}

function typeOf({ type, items, additionalProperties, ...rest }: Schema): string {
  if (items !== undefined) return `[]${typeOf(items)}`;
  const { type: value } = schema.safeParse(additionalProperties).data ?? {};
  if (value !== undefined) return `map[string]${value}`;
  return type ?? (rest.const === undefined ? 'any' : typeof rest.const);
}

function about({ description, pattern, examples = [], ...rest }: Schema): string[] {
  return [
    ...(description === undefined ? [] : [description]),
    ...(rest.enum === undefined ? [] : [`One of: ${rest.enum.map(textOf).join(', ')}`]),
    ...(rest.const === undefined ? [] : [`Always: ${textOf(rest.const)}`]),
    ...(pattern === undefined ? [] : [`Form: ${pattern}`]),
    ...(examples.length === 0 ? [] : [`For example: ${examples.map(textOf).join(', ')}`]),
  ];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

interface Listing {
  recursive: boolean;
  indent: string;
}

function fieldLines({ properties = {}, required = [] }: Schema, { recursive, indent }: Listing): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const line = `${indent}${name} <${typeOf(field)}>${required.includes(name) ? ' -required-' : ''}`;
    if (recursive) return [line, ...fieldLines(inner(field), { recursive, indent: `${indent}  ` })];
    return [line, ...(field.description === undefined ? [] : [`${indent}  ${field.description}`])];
  });
}
