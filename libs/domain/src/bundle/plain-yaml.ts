import { readFlow } from './plain-flow.js';
import { NotPlain, isPlainKey, plainScalar } from './plain-scalar.js';

/** One document of a plain file: its value, and the line of its first key. */
export interface PlainDocument {
  value: unknown;
  line: number;
}

interface Line {
  indent: number;
  text: string;
  number: number;
}

const BEYOND = /[^\n\x20-\x7e]/;
const PAIR = /^([A-Za-z][A-Za-z0-9_./-]*):(?: ([^ ].*))?$/;
const MAX_DEPTH = 50;

/**
 * Reads YAML as tools write it: block mappings and lists, with scalars and flow collections on one line, ASCII only. Answers undefined
 * for everything else, faults included: what it reads means the same to a full parser, which is many times slower.
 */
export function readPlainYaml(text: string): PlainDocument[] | undefined {
  if (BEYOND.test(text)) return undefined;
  try {
    return documentsOf(text).map((lines) => new PlainReader(lines).document());
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

function documentsOf(text: string): Line[][] {
  const documents: Line[][] = [[]];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trimStart();
    if (raw === '---') documents.push([]);
    else if (content !== '' && !content.startsWith('#'))
      documents.at(-1)?.push({ indent: raw.length - content.length, text: content, number: index + 1 });
  }
  return documents.filter((lines) => lines.length > 0);
}

class PlainReader {
  private at = 0;

  constructor(private readonly lines: readonly Line[]) {}

  document(): PlainDocument {
    const [first] = this.lines;
    if (first?.indent !== 0) throw new NotPlain();
    const value = this.block(0, 0);
    if (this.at < this.lines.length) throw new NotPlain();
    return { value, line: first.number };
  }

  private block(indent: number, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new NotPlain();
    return isItem(this.lines[this.at]) ? this.list(indent, depth) : this.mapping(indent, depth);
  }

  private mapping(indent: number, depth: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    for (let line = this.lines[this.at]; line?.indent === indent && !isItem(line); line = this.lines[this.at]) {
      const [, key = '', value] = PAIR.exec(line.text) ?? [];
      if (!isPlainKey(key) || Object.hasOwn(fields, key)) throw new NotPlain();
      this.at += 1;
      fields[key] = value === undefined ? this.nested(indent, depth) : this.scalar(value, indent);
    }
    this.endsAt(indent);
    return fields;
  }

  /** The value of a key without one on its line: a deeper block, a list at the same depth, or nothing. */
  private nested(indent: number, depth: number): unknown {
    const next = this.lines[this.at];
    if (next === undefined) return null;
    if (next.indent > indent) return this.block(next.indent, depth + 1);
    return next.indent === indent && isItem(next) ? this.list(indent, depth + 1) : null;
  }

  private list(indent: number, depth: number): unknown[] {
    const items: unknown[] = [];
    for (let line = this.lines[this.at]; line?.indent === indent && isItem(line); line = this.lines[this.at]) {
      const text = line.text.slice(2);
      if (!PAIR.test(text)) {
        this.at += 1;
        items.push(this.scalar(text, indent));
        continue;
      }
      const inner = new PlainReader([{ ...line, indent: indent + 2, text }, ...this.deeper(indent)]);
      items.push(inner.mapping(indent + 2, depth + 1));
      if (inner.at < inner.lines.length) throw new NotPlain();
    }
    this.endsAt(indent);
    return items;
  }

  /** Takes the lines of an item after its first one. */
  private deeper(indent: number): Line[] {
    const start = this.at + 1;
    let end = start;
    while ((this.lines[end]?.indent ?? 0) > indent) end += 1;
    this.at = end;
    return this.lines.slice(start, end);
  }

  /** After a block there may only be what belongs to a block around it. */
  private endsAt(indent: number): void {
    if ((this.lines[this.at]?.indent ?? 0) > indent) throw new NotPlain();
  }

  private scalar(text: string, indent: number): unknown {
    this.endsAt(indent);
    return text.startsWith('{') || text.startsWith('[') ? readFlow(text) : plainScalar(text);
  }
}

function isItem(line: Line | undefined): boolean {
  return line?.text.startsWith('- ') === true;
}
