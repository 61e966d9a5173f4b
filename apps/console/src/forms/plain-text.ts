import { isAlias, isMap, isNode, isScalar, parseDocument, visit, type Document, type Node } from 'yaml';

/** Steps to a field: keys of mappings, indices of lists. */
export type Path = readonly (string | number)[];

/** A text that a form can show and change. */
export interface PlainText {
  text: string;
  document: Document.Parsed;
  value: Readonly<Record<string, unknown>>;
}

/** Why a form does not show a text. */
export interface Unreadable {
  fault: 'SYNTAX' | 'SEVERAL' | 'EMPTY' | 'NO_MAPPING' | 'NOT_PLAIN' | 'KIND';
  detail: string;
  /** From 1, where the fault has a place. */
  line?: number;
}

export type Reading = PlainText | Unreadable;

/** Keys are texts, as the API reads them. */
const OPTIONS = { stringKeys: true, prettyErrors: false, logLevel: 'error' } as const;

/** Reads a text anew: what is changed of a document is changed of a copy. */
export const parsed = (text: string): Document.Parsed => parseDocument(text, OPTIONS);

/** The number of the line that an offset is in, from 1. */
export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The text as a form of this kind shows it, or why it cannot: the text itself stays as it is in any case. */
export function readText(text: string, kind: string): Reading {
  const document = parsed(text);
  const unreadable = faultOf(text, document) ?? shapeFault(document) ?? specialFault(text, document);
  if (unreadable !== undefined) return unreadable;
  const value = document.toJS() as Record<string, unknown>;
  if (value['kind'] !== kind) return { fault: 'KIND', detail: wordOf(value['kind']) };
  return { text, document, value };
}

/** The project that a document says it is in; the default one, where it says nothing that can be meant. */
export function projectIn(value: Record<string, unknown>): string {
  const project = valueAt(value, ['metadata', 'project']);
  return typeof project === 'string' && project !== '' ? project : 'default';
}

function faultOf(text: string, { errors, warnings }: Document.Parsed): Unreadable | undefined {
  const fault = errors[0] ?? warnings[0];
  if (fault === undefined) return undefined;
  const isSeveral = fault.code === 'MULTIPLE_DOCS';
  return { fault: isSeveral ? 'SEVERAL' : 'SYNTAX', detail: fault.message, line: lineOf(text, fault.pos[0]) };
}

function shapeFault({ contents }: Document.Parsed): Unreadable | undefined {
  if (contents === null || (isScalar(contents) && contents.value === null)) return { fault: 'EMPTY', detail: '' };
  return isMap(contents) ? undefined : { fault: 'NO_MAPPING', detail: '' };
}

function specialFault(text: string, document: Document.Parsed): Unreadable | undefined {
  const special = specialOf(document);
  if (special === undefined) return undefined;
  return { fault: 'NOT_PLAIN', detail: special.what, line: lineOf(text, special.node.range?.[0] ?? 0) };
}

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a form would have to write in two places, or could not write at all: anchors, aliases, merges and tags. */
function specialOf(document: Document.Parsed): { what: string; node: Node } | undefined {
  let found: { what: string; node: Node } | undefined;
  visit(document, (_, item) => {
    if (!isNode(item)) return undefined;
    const what = specialWord(item);
    if (what === undefined) return undefined;
    found = { what, node: item };
    return visit.BREAK;
  });
  return found;
}

function specialWord(node: Node): string | undefined {
  if (isAlias(node)) return `*${node.source}`;
  if (node.anchor !== undefined) return `&${node.anchor}`;
  if (node.tag !== undefined) return node.tag;
  return isScalar(node) && node.value === '<<' ? '<<' : undefined;
}

/** What stands at a path; undefined if nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return (at as unknown[])[Number(step)];
    return isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }, value);
}

/** True for a mapping. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A path as the API writes it: `spec.members[0].clusters`, `metadata.labels["example.com/tier"]`. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!PLAIN_KEY.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
