import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, Node, Pair, ParsedNode, YAMLError } from 'yaml';
import type { IssueCode } from '../issues/catalog.js';
import { parsePath, type PathStep } from '../issues/field-path.js';
import type { Issue, SourcePosition } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { quote } from '../resources/text/quote.js';
import type { BundleFile } from './bundle.js';

/** How often aliases may be resolved in one document, all together. */
const MAX_ALIASES = 100;

/** Faults of one document that are told; more are consequences of the first ones. */
const MAX_FAULTS = 20;

/** One document of a file, with the way back from a field's path to its line. */
export interface SourceDocument {
  value: unknown;
  /** Position of the field (of its key, where asked), or of the nearest mapping or list around it that exists. */
  positionOf: (path: string, part?: 'key') => SourcePosition;
}

/** The documents of a YAML or JSON file; empty ones are left out, malformed ones become issues. Never throws. */
export function readThoroughly(file: BundleFile): { documents: SourceDocument[]; issues: Issue[] } {
  const lines = new LineCounter();
  const place = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { file: file.path, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [documents, issues]: [SourceDocument[], Issue[]] = [[], []];
  for (const parsed of parsedDocuments(file, lines, issues)) {
    const faults = [...parsed.errors, ...parsed.warnings];
    const repeated = faults.length > 0 ? [] : repeatedKeys(parsed);
    issues.push(...faultIssues(faults, (fault) => place(fault.pos[0])));
    issues.push(...repeated.map(({ message, offset }) => issue('ISM0028', { message, source: place(offset) })));
    if (faults.length > 0 || repeated.length > 0 || parsed.contents === null) continue;
    const value = valueOf(parsed, { place, issues });
    if (value === undefined || value.js === null) continue;
    documents.push({ value: value.js, positionOf: (path, part) => place(offsetOf(parsed, parsePath(path), part)) });
  }
  return { documents, issues };
}

/** Keys are compared here and not by the parser, which takes the square of their number. No tags but those of JSON's types. */
const OPTIONS = {
  prettyErrors: false,
  logLevel: 'silent',
  merge: true,
  stringKeys: false,
  uniqueKeys: false,
  resolveKnownTags: false,
} as const;

function parsedDocuments({ path, text }: BundleFile, lineCounter: LineCounter, issues: Issue[]): Document.Parsed[] {
  try {
    const documents = parseAllDocuments(text, { ...OPTIONS, lineCounter });
    return 'empty' in documents ? [] : documents;
  } catch (error) {
    issues.push(tooDeep({ file: path, line: 1, column: 1 }, error));
    return [];
  }
}

function valueOf(
  document: Document.Parsed,
  { place, issues }: { place: (offset: number) => SourcePosition; issues: Issue[] },
): { js: unknown } | undefined {
  try {
    return { js: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch (error) {
    issues.push(tooDeep(place(document.contents?.range[0] ?? 0), error));
    return undefined;
  }
}

function tooDeep(source: SourcePosition, error: unknown): Issue {
  if (error instanceof RangeError) return issue('ISM0029', { message: NESTED, source });
  const reason = error instanceof Error ? oneLine(error.message) : '';
  if (reason.startsWith('Excessive alias')) return issue('ISM0029', { message: 'aliases expand to too much', source });
  return issue('ISM0001', { message: reason, source });
}

const NESTED = 'the document is nested too deeply';

/** The parser notes an exhausted stack as a fault at every level; it is told once, and nothing else counts then. */
function faultIssues(faults: readonly YAMLError[], place: (fault: YAMLError) => SourcePosition): Issue[] {
  const exhausted = faults.find(({ message }) => message.startsWith('Maximum call stack'));
  if (exhausted !== undefined) return [issue('ISM0029', { message: NESTED, source: place(exhausted) })];
  return faults
    .slice(0, MAX_FAULTS)
    .map((fault) =>
      issue(FAULT_CODES[fault.code] ?? 'ISM0001', { message: oneLine(fault.message), source: place(fault) }),
    );
}

/** Keys of one mapping that would become the same field, `1` and `"1"` too. */
function repeatedKeys({ contents }: Document.Parsed): { message: string; offset: number }[] {
  const repeated: { message: string; offset: number }[] = [];
  const queue: (Node | null)[] = [contents];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (isSeq<Node>(node)) queue.push(...[...node.items].reverse());
    if (!isMap<Node, Node>(node)) continue;
    repeated.push(...repeatedIn(node.items.map(({ key }) => key)));
    queue.push(...node.items.map(({ value }) => value).reverse());
    if (repeated.length >= MAX_FAULTS) break;
  }
  return repeated.slice(0, MAX_FAULTS);
}

function repeatedIn(keys: readonly Node[]): { message: string; offset: number }[] {
  const seen = new Set<string>();
  return keys.flatMap((key) => {
    const text = keyText(key);
    if (text === undefined) return [];
    if (seen.size < seen.add(text).size) return [];
    return [{ message: `the key ${quote(text)} stands here a second time`, offset: startOf(key) ?? 0 }];
  });
}

const FAULT_CODES: Readonly<Partial<Record<string, IssueCode>>> = {
  TAG_RESOLVE_FAILED: 'ISM0030',
};

/** The first line of a parser's message; what it quotes of the file is escaped. */
function oneLine(message: string): string {
  const [first = ''] = message.split('\n');
  return first.slice(0, 300).replace(/[^\x20-\x7e]/g, (character) => JSON.stringify(character).slice(1, -1));
}

/** Offset of what the path names: its value if that is a scalar, otherwise its key; of the nearest that exists, if it does not. */
function offsetOf(document: Document.Parsed, steps: readonly PathStep[], part?: 'key'): number {
  let node: Node | null = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of steps) {
    const found = childOf(resolved(node, document), step);
    if (found === undefined) return offset;
    offset = startOf(found.key) ?? startOf(found.value) ?? offset;
    node = found.value;
  }
  return isScalar(node) && part === undefined ? (startOf(node) ?? offset) : offset;
}

const startOf = (node: Node | null): number | undefined => node?.range?.[0];

const resolved = (node: Node | null, document: Document.Parsed): Node | null =>
  isAlias(node) ? (node.resolve(document) ?? null) : node;

function childOf(node: Node | null, step: PathStep): { key: Node | null; value: Node | null } | undefined {
  if (isSeq<Node>(node)) {
    const value = typeof step === 'number' ? node.items[step] : undefined;
    return value === undefined ? undefined : { key: null, value };
  }
  if (!isMap<Node, Node>(node)) return undefined;
  const pair = node.items.find((candidate: Pair<Node, Node | null>) => keyText(candidate.key) === String(step));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}

const keyText = (key: Node | ParsedNode): string | undefined => (isScalar(key) ? String(key.value) : undefined);
