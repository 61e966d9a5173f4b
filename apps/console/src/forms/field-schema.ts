import type { ResourceKind } from '../resources/kinds.js';

/** A way to fill in a mapping: fields that it must have, fields that it may not have, the word by which it is chosen. */
export interface Way {
  title: string;
  required?: readonly string[];
  properties?: Readonly<Record<string, false | { const: string }>>;
}

/** What the published JSON Schema of a kind says of a field; forms are made of nothing else. */
export interface FieldSchema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  properties?: Readonly<Record<string, FieldSchema>>;
  required?: readonly string[];
  additionalProperties?: false | FieldSchema;
  items?: FieldSchema;
  minItems?: number;
  enum?: readonly (string | number)[];
  const?: string | boolean;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  examples?: readonly string[];
  /** The mapping is filled in in exactly one of these ways. */
  oneOf?: readonly Way[];
  /** Set by the server. */
  readOnly?: boolean;
  'x-isthmus-names'?: string;
  'x-isthmus-format'?: 'duration';
}

/** How a field is shown. */
export type Shape =
  'fields' | 'list' | 'words' | 'choice' | 'yesNo' | 'number' | 'duration' | 'text' | 'fixed' | 'unknown';

const BY_TYPE: Readonly<Record<string, Shape>> = {
  array: 'list',
  boolean: 'yesNo',
  integer: 'number',
  number: 'number',
  string: 'text',
};

/** How a field of this schema is shown: a total answer, so that a new sort of field shows up as unknown and a test says so. */
export function shapeOf(schema: FieldSchema): Shape {
  if (schema.enum !== undefined) return 'choice';
  if (typeof schema.const === 'string') return 'fixed';
  if (schema.type === 'object') return schema.properties === undefined ? 'words' : 'fields';
  if (schema['x-isthmus-format'] === 'duration') return 'duration';
  return BY_TYPE[schema.type ?? ''] ?? 'unknown';
}

/** Fields of a mapping that people write, in the order of the schema. */
export function fieldsOf({ properties = {} }: FieldSchema): readonly [string, FieldSchema][] {
  return Object.entries(properties).filter(([, one]) => one.readOnly !== true && shapeOf(one) !== 'fixed');
}

const FIRST: Readonly<Record<Shape, (schema: FieldSchema) => unknown>> = {
  fields: (schema) =>
    Object.fromEntries(
      fieldsOf(schema)
        .filter(([key, one]) => schema.required?.includes(key) && isGroup(one))
        .map(([key, one]) => [key, firstValue(one)]),
    ),
  list: ({ minItems, items }) => (minItems === undefined || items === undefined ? [] : [firstValue(items)]),
  words: () => ({}),
  choice: (schema) => schema.enum?.[0],
  yesNo: () => true,
  number: ({ minimum }) => minimum ?? 0,
  duration: () => '',
  text: () => '',
  fixed: (schema) => schema.const,
  unknown: () => null,
};

/** What a new field begins with: what it must have is there, and empty. */
export const firstValue = (schema: FieldSchema): unknown => FIRST[shapeOf(schema)](schema);

/** True for fields that have fields or items. */
export const isGroup = (schema: FieldSchema): boolean => ['fields', 'list', 'words'].includes(shapeOf(schema));

const FILES = import.meta.glob<FieldSchema>('../../../../docs/schemas/*.schema.json', { import: 'default' });

/** Loads the published schema of a kind. */
export function loadSchema(kind: ResourceKind): Promise<FieldSchema> {
  const name = kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  const load = FILES[`../../../../docs/schemas/${name}.schema.json`];
  return load === undefined ? Promise.reject(new Error(`no schema of ${kind}`)) : load();
}

const ACRONYMS = new Set([
  'ca',
  'cidr',
  'cors',
  'dns',
  'grpc',
  'http',
  'ip',
  'jwks',
  'sni',
  'tcp',
  'tls',
  'ttl',
  'uri',
  'url',
  'vip',
]);

/** The name of a field in words: `maxEjectionPercent` is “Max ejection percent”. */
export function labelOf(key: string): string {
  const words = key.split(/(?<=[a-z0-9])(?=[A-Z])/).map((word) => {
    if (ACRONYMS.has(word.toLowerCase())) return word.toUpperCase();
    return /^[A-Z]{2}/.test(word) ? word : word.toLowerCase();
  });
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a number counts, by the name of its field. */
export function unitOf(key: string): string | undefined {
  if (/percent$/i.test(key)) return '%';
  return key.endsWith('Ms') ? 'ms' : undefined;
}
