import type { Change } from './changed-value.js';
import { fieldsOf, firstValue, type FieldSchema, type Way } from './field-schema.js';
import { isRecord, type Path } from './plain-text.js';

type Fields = Readonly<Record<string, unknown>>;

const fieldsIn = (value: unknown): Fields => (isRecord(value) ? value : {});
const isAbsent = (way: Way, key: string): boolean => way.properties?.[key] === false;
const constOf = (way: Way, key: string): string | undefined => {
  const said = way.properties?.[key];
  return said === undefined || said === false ? undefined : said.const;
};

/** The field whose word decides which way a mapping is filled in, where there is one. */
export function wordOf({ oneOf = [], properties = {} }: FieldSchema): string | undefined {
  if (oneOf.length === 0) return undefined;
  return Object.keys(properties).find((key) => oneOf.every((way) => constOf(way, key) !== undefined));
}

/** How far what is filled in is from a way: fields that are missing, and fields that may not be there. */
function distance(way: Way, fields: Fields): number {
  const missing = (way.required ?? []).filter((key) => fields[key] === undefined);
  const others = Object.keys(way.properties ?? {}).filter((key) => {
    const word = constOf(way, key);
    return fields[key] !== undefined && (isAbsent(way, key) || (word !== undefined && fields[key] !== word));
  });
  return missing.length + others.length;
}

/** The way in which a mapping is filled in; the nearest one if it is none of them, the first of several. */
export function chosenWay(schema: FieldSchema, value: unknown): Way | undefined {
  const { oneOf = [] } = schema;
  const fields = fieldsIn(value);
  const word = wordOf(schema);
  const named = word === undefined ? undefined : oneOf.find((way) => constOf(way, word) === fields[word]);
  if (named !== undefined) return named;
  return oneOf.reduce<Way | undefined>(
    (best, way) => (best === undefined || distance(way, fields) < distance(best, fields) ? way : best),
    undefined,
  );
}

/** Fields that belong to the way that is chosen, and others that are there all the same. */
export function shownFields(schema: FieldSchema, value: unknown): readonly (readonly [string, FieldSchema])[] {
  const way = chosenWay(schema, value);
  const fields = fieldsIn(value);
  return fieldsOf(schema).filter(([key]) => way === undefined || !isAbsent(way, key) || fields[key] !== undefined);
}

/** True for what must be filled in, always or in the way that is chosen. */
export const isNeeded = (schema: FieldSchema, way: Way | undefined, key: string): boolean =>
  schema.required?.includes(key) === true || way?.required?.includes(key) === true;

interface Switching {
  schema: FieldSchema;
  path: Path;
  value: unknown;
  /** What was taken out by changes from one way to another, to be put back. */
  kept: Fields;
}

/** The changes of a text that make a mapping be filled in in another way: what that one must have is there, and nothing that it may not have. */
export function switchTo(way: Way, { schema, path, value, kept }: Switching): Change[] {
  const { properties = {} } = schema;
  const fields = fieldsIn(value);
  const order = Object.keys(properties);
  const wanted = order.flatMap((key): [string, unknown][] => {
    const word = constOf(way, key);
    if (word !== undefined) return fields[key] === word ? [] : [[key, word]];
    if (isAbsent(way, key) || fields[key] !== undefined) return [];
    if (kept[key] !== undefined) return [[key, kept[key]]];
    return way.required?.includes(key) === true ? [[key, firstValue(properties[key] ?? {})]] : [];
  });
  const gone = order.filter((key) => isAbsent(way, key) && fields[key] !== undefined);
  return [
    ...wanted.map(([key, to]): Change => ({ to: 'set', path: [...path, key], value: to, order })),
    ...gone.map((key): Change => ({ to: 'remove', path: [...path, key] })),
  ];
}
