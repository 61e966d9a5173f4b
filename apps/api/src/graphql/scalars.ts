import { GraphQLError, Kind, type ValueNode } from 'graphql';

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** A point in time from RFC 3339 text with a zone; refuses what Date.parse would take beyond it, like 30 February. */
export function parseDateTime(value: unknown): Date {
  const match = typeof value === 'string' ? RFC3339.exec(value) : null;
  if (match === null) throw new GraphQLError('DateTime must be RFC 3339 with a zone, like 2026-01-31T12:00:00Z');
  const [text, year, month, day] = match;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const inRange = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
  const date = new Date(text.replace(/(\.\d{3})\d+/, '$1'));
  if (!inRange || Number.isNaN(date.getTime())) throw new GraphQLError(`DateTime ${text} does not exist`);
  return date;
}

/** RFC 3339 in UTC with milliseconds. */
export function formatDateTime(value: unknown): string {
  const date = value instanceof Date ? value : parseDateTime(value);
  if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime is not a point in time');
  return date.toISOString();
}

const MAX_DEPTH = 32;
const MAX_VALUES = 100_000;

/** JSON of bounded depth and size; keys that would reach an object's prototype are refused. */
export function parseJson(value: unknown): unknown {
  let count = 0;
  const visit = (item: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) throw new GraphQLError(`JSON is nested deeper than ${MAX_DEPTH} levels`);
    if (++count > MAX_VALUES) throw new GraphQLError(`JSON has more than ${MAX_VALUES} values`);
    if (typeof item !== 'object' || item === null) return;
    if (Object.hasOwn(item, '__proto__')) throw new GraphQLError('JSON must not have the key __proto__');
    for (const child of Object.values(item)) visit(child, depth + 1);
  };
  visit(value, 0);
  return value;
}

type Variables = Record<string, unknown> | null | undefined;

/** The value of a JSON literal in a document. */
export function jsonOfLiteral(node: ValueNode, variables: Variables, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new GraphQLError(`JSON is nested deeper than ${MAX_DEPTH} levels`);
  const inner = (child: ValueNode): unknown => jsonOfLiteral(child, variables, depth + 1);
  if (node.kind === Kind.LIST) return node.values.map(inner);
  if (node.kind === Kind.VARIABLE) return variables?.[node.name.value];
  if (node.kind !== Kind.OBJECT) return scalarOfLiteral(node);
  return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, inner(value)]));
}

type ScalarNode = Exclude<ValueNode, { kind: Kind.LIST | Kind.OBJECT | Kind.VARIABLE }>;

function scalarOfLiteral(node: ScalarNode): unknown {
  if (node.kind === Kind.NULL) return null;
  return node.kind === Kind.INT || node.kind === Kind.FLOAT ? Number(node.value) : node.value;
}
