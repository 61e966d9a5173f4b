import fc from 'fast-check';
import { firstValue, shapeOf, type FieldSchema, type Shape } from './field-schema.js';

const words = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
/** What YAML has to quote, or to break into lines. */
const odd = fc.constantFrom(
  '1.30',
  'true',
  '*',
  'a: b',
  '# no comment',
  'x #y',
  '',
  ' padded ',
  'two\nlines\n',
  "it's",
  '{service}',
  '- dash',
  'ü',
);

type Documents = (schema: FieldSchema) => fc.Arbitrary<unknown>;

const ARBITRARY: Readonly<Record<Shape, Documents>> = {
  fields: (schema) => recordOf(schema),
  list: ({ items = {}, minItems = 0 }) => fc.array(documentsOf(items), { minLength: minItems, maxLength: 3 }),
  words: () => fc.dictionary(fc.oneof(words, fc.constant('example.com/tier')), fc.oneof(words, odd), { maxKeys: 3 }),
  choice: (schema) => fc.constantFrom(...(schema.enum ?? [])),
  yesNo: (schema) => (schema.const === undefined ? fc.boolean() : fc.constant(schema.const)),
  number: ({ minimum = 0, maximum = 100 }) => fc.integer({ min: minimum, max: maximum }),
  duration: () => fc.constantFrom('250ms', '1.5s', '1m30s', '28d'),
  fixed: (schema) => fc.constant(schema.const),
  text: () => fc.oneof(words, odd),
  unknown: () => fc.constant(null),
};

/** Documents as a schema allows them, whatever rules there are between fields. */
export const documentsOf: Documents = (schema) => ARBITRARY[shapeOf(schema)](schema);

function recordOf({ properties = {}, required = [] }: FieldSchema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).filter(([, one]) => one.readOnly !== true);
  return fc
    .record(Object.fromEntries(fields.map(([key, one]) => [key, documentsOf(one)])), { requiredKeys: [...required] })
    .chain((value) =>
      fc
        .shuffledSubarray(Object.keys(value), { minLength: Object.keys(value).length })
        .map((keys) => Object.fromEntries(keys.map((key) => [key, value[key]]))),
    );
}

/** A document that has every field that a schema knows, one item in each list. */
export function fullDocument(schema: FieldSchema): unknown {
  const { properties, items, additionalProperties } = schema;
  if (properties !== undefined)
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([, one]) => one.readOnly !== true)
        .map(([key, one]) => [key, fullDocument(one)]),
    );
  if (items !== undefined) return [fullDocument(items)];
  return additionalProperties ? { key: fullDocument(additionalProperties) } : firstValue(schema);
}
