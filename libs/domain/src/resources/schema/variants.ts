/** One of several ways to fill in a mapping, as JSON Schema says it: fields that are there, and fields that are not. */
export interface Variant {
  title: string;
  required?: string[];
  properties?: Record<string, false | { const: string }>;
}

/** What the schema of a mapping says that is filled in in exactly one of several ways; forms show the fields of the chosen one. */
export interface Variants {
  oneOf: Variant[];
}

/** A way to fill in a mapping: what it is called, the fields that it must have, and those that it may have beside them. */
export interface Way<Field extends string> {
  title: string;
  has: readonly Field[];
  may?: readonly Field[];
}

/** Ways that differ in the fields that are there: what none of the others' own fields may stand beside. Fields of no way are free. */
export function waysOf<Field extends string>(ways: readonly Way<Field>[]): Variants {
  const all = [...new Set(ways.flatMap(({ has, may = [] }) => [...has, ...may]))];
  return {
    oneOf: ways.map(({ title, has, may = [] }) => {
      const absent = all.filter((field) => !has.includes(field) && !may.includes(field));
      return { title, ...(has.length > 0 ? { required: [...has] } : {}), ...without(absent) };
    }),
  };
}

/** Ways that a word decides about: for each of its values the fields that it must and may have; the first value is what counts where none is given. */
export function waysBy<Field extends string>(
  word: string,
  ways: Readonly<Record<string, Pick<Way<Field>, 'has' | 'may'>>>,
): Variants {
  const entries = Object.entries(ways);
  const all = [...new Set(entries.flatMap(([, { has, may = [] }]) => [...has, ...may]))];
  return {
    oneOf: entries.map(([value, { has, may = [] }], index) => {
      const absent = all.filter((field) => !has.includes(field) && !may.includes(field));
      const required = [...(index === 0 ? [] : [word]), ...has];
      const properties = { [word]: { const: value }, ...without(absent).properties };
      return { title: value, ...(required.length > 0 ? { required } : {}), properties };
    }),
  };
}

function without(fields: readonly string[]): { properties?: Record<string, false> } {
  return fields.length === 0 ? {} : { properties: Object.fromEntries(fields.map((field) => [field, false as const])) };
}
