import { NotPlain, isPlainKey, plainScalar } from './plain-scalar.js';

const GAP = / */y;
const WORDS = /[A-Za-z0-9_/](?:[A-Za-z0-9_/.@+=-]| (?=[A-Za-z0-9_/]))*/y;
const QUOTED = /"[^"\\]*"|'[^']*'/y;
const MAX_DEPTH = 50;

/** Reads a flow collection that stands on one line; throws `NotPlain` for whatever it does not know. */
export function readFlow(text: string): unknown {
  const reader = new FlowReader(text);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new NotPlain();
  return value;
}

class FlowReader {
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new NotPlain();
    if (this.skips('{')) return this.mapping(depth);
    if (this.skips('[')) return this.list(depth);
    return plainScalar(this.take(QUOTED) ?? this.take(WORDS) ?? '');
  }

  private mapping(depth: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    this.take(GAP);
    if (this.skips('}')) return fields;
    do {
      this.take(GAP);
      const key = this.take(WORDS) ?? '';
      if (!isPlainKey(key) || Object.hasOwn(fields, key) || !this.skips(': ')) throw new NotPlain();
      this.take(GAP);
      fields[key] = this.value(depth + 1);
      this.take(GAP);
    } while (this.skips(','));
    if (!this.skips('}')) throw new NotPlain();
    return fields;
  }

  private list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.take(GAP);
    if (this.skips(']')) return items;
    do {
      this.take(GAP);
      items.push(this.value(depth + 1));
      this.take(GAP);
    } while (this.skips(','));
    if (!this.skips(']')) throw new NotPlain();
    return items;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    this.at += found?.length ?? 0;
    return found;
  }

  private skips(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }
}
