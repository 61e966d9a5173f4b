import { isCollection, isMap, isScalar, isSeq } from 'yaml';
import { changedValue, type Change } from './changed-value.js';
import { parsed, valueAt, type Path, type PlainText } from './plain-text.js';
import {
  beginsLine,
  columnOf,
  dashBefore,
  flowText,
  isBlock,
  itemsOf,
  itemText,
  lineEnd,
  lineStart,
  nodeAt,
  pairOf,
  pairText,
  rangeOf,
  scalarText,
  spliced,
  type Splice,
} from './text-splices.js';

/**
 * The text with one change of what it says. Only the lines of that field are written anew: comments, blank lines, quotes and the
 * order of everything else stay. Where a text is too unusual for that the whole document is written anew, with its comments.
 */
export function changeText(plain: PlainText, change: Change): string {
  const wanted = canonical(changedValue(plain.value, change));
  if (canonical(plain.value) === wanted) return plain.text;
  const splices = [spliceOf(plain, change), flowSplice(plain, change)];
  for (const splice of splices) {
    const text = splice === undefined ? undefined : spliced(plain.text, splice);
    if (text !== undefined && says(text, wanted)) return text;
  }
  return rewritten(plain, change);
}

/** What a value says, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function says(text: string, wanted: string): boolean {
  const document = parsed(text);
  return document.errors.length === 0 && canonical(document.toJS()) === wanted;
}

function rewritten({ text }: PlainText, change: Change): string {
  const document = parsed(text);
  const { path } = change;
  const parent = path.slice(0, -1);
  if (change.to === 'set') document.setIn(path, document.createNode(change.value));
  if (change.to === 'remove') document.deleteIn(path);
  if (change.to === 'rename') {
    const pair = pairOf(document.getIn(parent, true), path.at(-1) ?? '');
    if (isScalar(pair?.key)) pair.key.value = change.key;
  }
  if (change.to === 'move') {
    const list = document.getIn(parent, true);
    const at = Number(path.at(-1));
    if (isSeq(list)) list.items.splice(at + change.by, 0, ...list.items.splice(at, 1));
  }
  return document.toString({ lineWidth: 0 });
}

function spliceOf(plain: PlainText, change: Change): Splice | undefined {
  switch (change.to) {
    case 'set':
      return setSplice(plain, change.path, change);
    case 'remove':
      return removeSplice(plain, change.path);
    case 'move':
      return moveSplice(plain, change.path, change.by);
    case 'rename': {
      const key = pairOf(nodeAt(plain, change.path.slice(0, -1)), change.path.at(-1) ?? '')?.key;
      const range = key === undefined ? undefined : rangeOf(plain.text, key);
      return range && { from: range[0], to: range[1], put: flowText(change.key) };
    }
  }
}

interface Setting {
  value: unknown;
  order?: readonly string[] | undefined;
}

function setSplice(plain: PlainText, path: Path, { value, order }: Setting): Splice | undefined {
  const step = path.at(-1);
  if (step === undefined) return undefined;
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(plain, parentPath);
  const node = nodeAt(plain, path);
  if (node !== undefined) return isOneWord(value) ? wordSplice(plain, path, value) : entrySplice(plain, path, value);
  if (isEmpty(parent) && parentPath.length > 0) return nestedSplice(plain, path, { value, order });
  if (!isBlock(parent)) return undefined;
  return isMap(parent)
    ? newPair(plain, parentPath, { key: String(step), value, order })
    : newItem(plain, parent, value);
}

const isEmpty = (node: unknown): boolean => !isCollection(node) || node.items.length === 0;

/** Where there is nothing yet to put it into, that is made with it. */
function nestedSplice(plain: PlainText, path: Path, { value, order }: Setting): Splice | undefined {
  const [parentPath, step] = [path.slice(0, -1), path.at(-1) ?? ''];
  const inner = changedValue(valueAt(plain.value, parentPath), { to: 'set', path: [step], value });
  const whole = isSeq(nodeAt(plain, parentPath)) ? [value] : inner;
  return setSplice(plain, parentPath, { value: whole, order });
}

const isOneWord = (value: unknown): boolean =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && !value.includes('\n'));

/** A word in the place of another one; nothing is no word. */
function wordSplice(plain: PlainText, path: Path, value: unknown): Splice | undefined {
  const node = nodeAt(plain, path);
  if (!isScalar(node) || node.type?.startsWith('BLOCK')) return entrySplice(plain, path, value);
  const range = rangeOf(plain.text, node);
  if (range === undefined) return undefined;
  const [from, to] = range;
  const word = value === null ? '' : scalarText(value, node);
  if (from < to) return { from, to, put: word };
  // Nothing stands behind the colon or dash but blanks, and perhaps a comment.
  const start = plain.text.slice(0, from).trimEnd().length;
  return { from: start, to, put: ` ${word}${plain.text[to] === '#' ? ' ' : ''}` };
}

interface Entry {
  /** Where its key or dash is, and where what is written of it ends. */
  from: number;
  to: number;
  isPair: boolean;
}

/** A field of a mapping of lines or an item of a list of lines. */
function entryAt(plain: PlainText, path: Path): Entry | undefined {
  const step = path.at(-1) ?? '';
  const parent = nodeAt(plain, path.slice(0, -1));
  if (!isBlock(parent)) return undefined;
  const pair = pairOf(parent, step);
  const entry = pair ?? itemsOf(parent)[Number(step)];
  const range = entry === undefined ? undefined : rangeOf(plain.text, entry);
  const from = pair === undefined ? dashBefore(plain.text, entry) : range?.[0];
  return range === undefined || from === undefined ? undefined : { from, to: range[1], isPair: pair !== undefined };
}

/** A whole field or item in the place of another one, at the same column. */
function entrySplice(plain: PlainText, path: Path, value: unknown): Splice | undefined {
  const entry = entryAt(plain, path);
  if (entry === undefined) return undefined;
  const { from, to, isPair } = entry;
  const column = columnOf(plain.text, from);
  const write = isPair ? pairText(String(path.at(-1)), value, column) : itemText(value, column);
  return { from, to, put: `${write}${commentsIn(plain.text, from, to)}` };
}

/** Lines of comments that a piece of the text has, so that they stay when it goes. */
function commentsIn(text: string, from: number, to: number): string {
  const lines = text.slice(from, to).split('\n').slice(1);
  return lines
    .filter((line) => /^\s*#/.test(line))
    .map((line) => `\n${line}`)
    .join('');
}

interface NewPair extends Setting {
  key: string;
}

/** A new field of a mapping of lines: after those that come before it by the schema, or else last. */
function newPair(plain: PlainText, parentPath: Path, { key, value, order = [] }: NewPair): Splice | undefined {
  const parent = nodeAt(plain, parentPath);
  if (!isMap(parent)) return undefined;
  const place = order.indexOf(key);
  const before = parent.items.filter((pair) => {
    const at = order.indexOf(isScalar(pair.key) ? String(pair.key.value) : '');
    return at !== -1 && at < place;
  });
  const first = rangeOf(plain.text, parent.items[0]);
  const last = rangeOf(plain.text, before.at(-1) ?? parent.items.at(-1));
  if (first === undefined || last === undefined) return undefined;
  const column = columnOf(plain.text, first[0]);
  const at = lineEnd(plain.text, last[1]);
  return { from: at, to: at, put: `\n${' '.repeat(column)}${pairText(key, value, column)}` };
}

function newItem({ text }: PlainText, parent: unknown, value: unknown): Splice | undefined {
  const items = itemsOf(parent);
  const last = rangeOf(text, items.at(-1));
  const dash = dashBefore(text, items[0]);
  if (last === undefined || dash === undefined || !beginsLine(text, dash)) return undefined;
  const column = columnOf(text, dash);
  const at = lineEnd(text, last[1]);
  return { from: at, to: at, put: `\n${' '.repeat(column)}${itemText(value, column)}` };
}

function removeSplice(plain: PlainText, path: Path): Splice | undefined {
  const { text } = plain;
  const parent = nodeAt(plain, path.slice(0, -1));
  const entry = entryAt(plain, path);
  if (entry === undefined || !isCollection(parent)) return undefined;
  if (parent.items.length === 1) return entrySplice(plain, path.slice(0, -1), isSeq(parent) ? [] : {});
  if (beginsLine(text, entry.from)) {
    const [start, end] = [lineStart(text, entry.from), lineEnd(text, entry.to)];
    const comment = text.slice(entry.to, end).trim();
    const isOneLine = lineStart(text, entry.to) === start;
    if (isOneLine && comment.startsWith('#')) return { from: entry.from, to: end, put: comment };
    return linesSplice(text, start, end);
  }
  const next = isMap(parent) ? rangeOf(text, parent.items[1]) : undefined;
  return next && { from: entry.from, to: next[0], put: '' };
}

/** Takes lines out, with one of the line breaks beside them. */
function linesSplice(text: string, from: number, to: number): Splice {
  return to < text.length ? { from, to: to + 1, put: '' } : { from: Math.max(from - 1, 0), to, put: '' };
}

/** Two neighbours of a list change places, each with the comments above it. */
function moveSplice(plain: PlainText, path: Path, by: 1 | -1): Splice | undefined {
  const { text } = plain;
  const parent = nodeAt(plain, path.slice(0, -1));
  const upper = Math.min(Number(path.at(-1)), Number(path.at(-1)) + by);
  if (!isBlock(parent)) return undefined;
  const first = linesOfItem(text, itemsOf(parent), upper);
  const second = linesOfItem(text, itemsOf(parent), upper + 1);
  if (first === undefined || second === undefined) return undefined;
  const put = `${text.slice(second[0], second[1])}\n${text.slice(first[0], first[1])}`;
  return { from: first[0], to: second[1], put };
}

function linesOfItem(text: string, items: readonly unknown[], index: number): [number, number] | undefined {
  const dash = dashBefore(text, items[index]);
  const range = rangeOf(text, items[index]);
  if (dash === undefined || range === undefined || !beginsLine(text, dash)) return undefined;
  const previous = index === 0 ? undefined : rangeOf(text, items[index - 1]);
  const start = previous === undefined ? aboveWithComments(text, dash) : lineEnd(text, previous[1]) + 1;
  return [start, lineEnd(text, range[1])];
}

/** Where the comments directly above a line begin that stand at its column or further in. */
function aboveWithComments(text: string, offset: number): number {
  let start = lineStart(text, offset);
  const comment = new RegExp(`^ {${columnOf(text, offset)},}#`);
  while (start > 0 && comment.test(text.slice(lineStart(text, start - 1), start - 1)))
    start = lineStart(text, start - 1);
  return start;
}

/** Lists and mappings in one line are written anew as a whole, unless there are comments in them. */
function flowSplice(plain: PlainText, change: Change): Splice | undefined {
  const depth = change.path.findIndex((_, index) => {
    const node = nodeAt(plain, change.path.slice(0, index));
    return isCollection(node) && node.flow === true;
  });
  if (depth === -1) return undefined;
  const range = rangeOf(plain.text, nodeAt(plain, change.path.slice(0, depth)));
  if (range === undefined || plain.text.slice(...range).includes('#')) return undefined;
  const inner = valueAt(plain.value, change.path.slice(0, depth));
  const next = changedValue(inner, { ...change, path: change.path.slice(depth) });
  return { from: range[0], to: range[1], put: flowText(next) };
}
