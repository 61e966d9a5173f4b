import { isPair, isScalar } from 'yaml';
import type { ShownIssue } from '../issues/issue-list.js';
import { isGroup, type FieldSchema } from './field-schema.js';
import { isRecord, lineOf, pathText, valueAt, type Path, type PlainText } from './plain-text.js';
import { nodeAt, pairOf, rangeOf } from './text-splices.js';
import { shownFields } from './ways.js';

/** The paths of all that a form shows of a value, outermost first: fields that could be added too. */
export function shownPaths(schema: FieldSchema, value: unknown, path: Path = []): Path[] {
  return [
    path,
    ...innerFields(schema, value).flatMap(([step, one]) => shownPaths(one, valueAt(value, [step]), [...path, step])),
  ];
}

function innerFields(schema: FieldSchema, value: unknown): (readonly [string | number, FieldSchema])[] {
  const { items, additionalProperties, properties } = schema;
  if (properties !== undefined) return isRecord(value) ? [...shownFields(schema, value)] : [];
  if (items !== undefined && Array.isArray(value)) return value.map((_, index) => [index, items] as const);
  if (!additionalProperties || !isRecord(value)) return [];
  return Object.keys(value).map((key) => [key, additionalProperties] as const);
}

/** Where something with this path is shown: at the field itself, or at the nearest one around it. */
export function nearest(paths: readonly Path[], wanted: string): Path {
  const around = paths.filter((path) => {
    const text = pathText(path);
    return text === '' || text === wanted || (wanted.startsWith(text) && /^[.[]/.test(wanted.slice(text.length)));
  });
  return around.reduce<Path>((best, path) => (path.length > best.length ? path : best), []);
}

/** Issues by the text of the path of the field that shows them. */
export function placed(schema: FieldSchema, value: unknown, issues: readonly ShownIssue[]): Map<string, ShownIssue[]> {
  const places = new Map<string, ShownIssue[]>();
  if (issues.length === 0) return places;
  const paths = shownPaths(schema, value).filter((path) => path.length !== 1 || isShownGroup(schema, path));
  for (const issue of issues) {
    const place = pathText(nearest(paths, issue.path));
    places.set(place, [...(places.get(place) ?? []), issue]);
  }
  return places;
}

const isShownGroup = (schema: FieldSchema, [step]: Path): boolean => isGroup(schema.properties?.[String(step)] ?? {});

function pathsIn(value: unknown, path: Path = []): Path[] {
  const steps = Array.isArray(value) ? value.map((_, index) => index) : isRecord(value) ? Object.keys(value) : [];
  return [path, ...steps.flatMap((step) => pathsIn(valueAt(value, [step]), [...path, step]))];
}

/** The line of a field in the text, from 1: that of its key, or of the nearest field around it. */
export function lineOfField(plain: PlainText, wanted: string): number {
  const path = nearest(pathsIn(plain.value), wanted);
  const pair = pairOf(nodeAt(plain, path.slice(0, -1)), path.at(-1) ?? '');
  const node = isPair(pair) && isScalar(pair.key) ? pair.key : nodeAt(plain, path);
  return lineOf(plain.text, rangeOf(plain.text, node)?.[0] ?? 0);
}
