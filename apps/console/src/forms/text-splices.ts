import { Document, isCollection, isMap, isPair, isScalar, isSeq, Scalar, stringify, type Node, type Pair } from 'yaml';
import type { PlainText } from './plain-text.js';

/** A piece of a text that is replaced by another. */
export interface Splice {
  from: number;
  to: number;
  put: string;
}

/** The text with one piece replaced. */
export const spliced = (text: string, { from, to, put }: Splice): string => text.slice(0, from) + put + text.slice(to);

const WIDE = { lineWidth: 0 } as const;

/** Where the line of an offset begins. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Where the line of an offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

/** How far an offset is from the beginning of its line. */
export const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);

/** True if nothing but blanks stands before it in its line. */
export const beginsLine = (text: string, offset: number): boolean =>
  text.slice(lineStart(text, offset), offset).trim() === '';

/** Where a node begins and what is written of it ends, without the blank lines and comments after it. */
export function rangeOf(text: string, node: unknown): [number, number] | undefined {
  if (isPair(node)) {
    const key = rangeOf(text, node.key);
    const value = node.value === null ? key : rangeOf(text, node.value);
    return key === undefined || value === undefined ? undefined : [key[0], Math.max(key[1], value[1])];
  }
  const range = (node as Node | null | undefined)?.range;
  if (!range) return undefined;
  if (isCollection(node) && node.flow !== true) {
    const last = rangeOf(text, node.items.at(-1));
    return last === undefined ? undefined : [range[0], last[1]];
  }
  return [range[0], range[0] + text.slice(range[0], range[1]).trimEnd().length];
}

/** True if the node is a mapping or list of lines with something in it. */
export const isBlock = (node: unknown): boolean => isCollection(node) && node.flow !== true && node.items.length > 0;

const indented = (text: string, columns: number): string =>
  text.trimEnd().replaceAll(/\n(?=.)/g, `\n${' '.repeat(columns)}`);

/** A field with its key, whose later lines stand below a key at this column. */
export const pairText = (key: string, value: unknown, column: number): string =>
  indented(stringify({ [key]: value }, WIDE), column);

/** An item of a list with its dash, whose later lines stand below a dash at this column. */
export const itemText = (value: unknown, column: number): string => indented(stringify([value], WIDE), column);

/** A value in one line, as JSON has it where that is needed. */
export function flowText(value: unknown): string {
  const document = new Document(value);
  if (isCollection(document.contents)) document.contents.flow = true;
  return document.toString(WIDE).trimEnd();
}

/** A word or number in one line, quoted as the one before it was. */
export function scalarText(value: unknown, like: Scalar): string {
  const scalar = new Scalar(value);
  if (typeof value === 'string' && like.type?.startsWith('QUOTE')) scalar.type = like.type;
  return new Document(scalar).toString(WIDE).trimEnd();
}

/** The offset of the dash before an item of a list of lines. */
export function dashBefore(text: string, item: unknown): number | undefined {
  const start = item === undefined ? undefined : rangeOf(text, item)?.[0];
  if (start === undefined) return undefined;
  const dash = text.lastIndexOf('-', start === 0 ? 0 : start - 1);
  return dash === -1 ? undefined : dash;
}

/** The field of a mapping with this key. */
export function pairOf(node: unknown, key: string | number): Pair<Node, Node | null> | undefined {
  if (!isMap<Node, Node | null>(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

/** The items of a list; none of anything else. */
export const itemsOf = (node: unknown): readonly unknown[] => (isSeq(node) ? node.items : []);

/** What stands at a path of the parsed text, with its place. */
export const nodeAt = ({ document }: PlainText, path: readonly (string | number)[]): unknown =>
  path.length === 0 ? document.contents : document.getIn(path, true);
