import type { Page } from '../types/audit.js';

/** A cursor that cannot be read is the caller's fault, told apart from bugs of ours. */
export class BadCursorError extends Error {
  constructor() {
    super('the cursor is not one that this list gave out');
    this.name = 'BadCursorError';
  }
}

export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

export function decodeCursor(cursor: string, length: number): string[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new BadCursorError();
  }
  if (!isTextList(parts) || parts.length !== length) throw new BadCursorError();
  return parts;
}

/** The version that a cursor of changes ends with. */
export function decodeVersion(cursor: string): bigint {
  const [text = ''] = decodeCursor(cursor, 1);
  if (!/^\d{1,18}$/.test(text)) throw new BadCursorError();
  return BigInt(text);
}

/** Texts that Postgres can compare with: it takes no NUL. */
function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' && !part.includes('\u0000'));
}

/** Rows were read one further than asked for. */
export function pageOf<R, T>(
  rows: readonly R[],
  first: number,
  view: { record: (row: R) => T; cursor: (row: R) => string[] },
): Page<T> {
  const items = rows
    .slice(0, first)
    .map((row) => ({ cursor: encodeCursor(view.cursor(row)), record: view.record(row) }));
  return { items, hasNextPage: rows.length > first };
}

const MAX_OFFSET = 1_000_000;

/** Rows that a page passes over. */
export function pageOffset(offset = 0): number {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset > MAX_OFFSET)
    throw new RangeError(`offset must be 0 to ${MAX_OFFSET}, not ${offset}`);
  return offset;
}

export function pageSize(first: number): number {
  if (!Number.isSafeInteger(first) || first < 1 || first > 1000)
    throw new RangeError(`first must be 1 to 1000, not ${first}`);
  return first;
}
