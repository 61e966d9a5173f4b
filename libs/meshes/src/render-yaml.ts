import type { KubeObject } from '@isthmus/domain';
import { stringify } from 'yaml';
import { isWord, keyText, scalarText, YAML_STYLE } from './yaml-scalar.js';

const FIRST = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

const IS_FIRST: ReadonlySet<string> = new Set(FIRST);

/** The keys of fields that are written, in their order. */
function keysOf(value: object): string[] {
  const keys = Object.keys(value).sort();
  const head = keys.some((key) => IS_FIRST.has(key)) ? FIRST.filter((key) => Object.hasOwn(value, key)) : [];
  return head.length === 0 ? keys : [...head, ...keys.filter((key) => !IS_FIRST.has(key))];
}

function fieldsOf(value: object): [string, unknown][] {
  const fields = value as Readonly<Record<string, unknown>>;
  return keysOf(value).flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]]]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== 'object' || value === null) return value;
  return new Map(fieldsOf(value).map(([key, field]) => [key, sorted(field)]));
}

/** What keeps an object from being written here. */
class NeedsLibrary extends Error {}

/**
 * The lines of a mapping or list in block style, each beginning with `indent`. The library makes a document, nodes and a context
 * for each object; for a hundred thousand small ones that is most of the time of rendering them.
 */
function blockText(value: object, indent: string): string {
  return Array.isArray(value) ? listText(value, indent) : mappingText(value as Record<string, unknown>, indent);
}

function listText(items: readonly unknown[], indent: string): string {
  let text = '';
  for (const item of items) text += `${indent}- ${itemText(item, `${indent}  `)}`;
  return text;
}

function mappingText(fields: Readonly<Record<string, unknown>>, indent: string): string {
  let text = '';
  for (const key of keysOf(fields)) {
    const field = fields[key];
    if (field !== undefined) text += `${indent}${needed(keyText(key))}:${fieldText(field, indent)}`;
  }
  return text;
}

/** What follows the colon of a key. */
function fieldText(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return ` ${oneLine(value)}\n`;
  const inner = blockText(value, `${indent}  `);
  return inner === '' ? emptyText(value) : `\n${inner}`;
}

/** What follows the hyphen of an item: its first line stands behind it, the others below. */
function itemText(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return `${oneLine(value)}\n`;
  const inner = blockText(value, indent);
  return inner === '' ? emptyText(value).trimStart() : inner.slice(indent.length);
}

const emptyText = (value: object) => (Array.isArray(value) ? ' []\n' : ' {}\n');

const oneLine = (value: unknown): string => needed(scalarText(value));

function needed(text: string | undefined): string {
  if (text === undefined) throw new NeedsLibrary();
  return text;
}

/** Texts at the very left may look like the marks between documents; those are left to the library. */
function documentText(object: KubeObject): string {
  try {
    if (Object.keys(object).every(isWord)) return blockText(object, '');
  } catch (error) {
    if (!(error instanceof NeedsLibrary)) throw error;
  }
  return stringify(sorted(object), YAML_STYLE);
}

/**
 * One YAML document per object, in the given order, with the same bytes whatever the order of keys in memory:
 * apiVersion, kind, metadata, name and namespace come first, the rest by code unit. Texts that YAML 1.1 readers would take
 * for something else (`on`, `0123`, `1:30`) are quoted; nothing is folded, aliased or anchored. No objects: empty text.
 */
export function renderYaml(objects: Iterable<KubeObject>): string {
  return [...objects].map(documentText).join('---\n');
}
