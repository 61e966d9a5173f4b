import type { Canonical } from './types.js';

const SCHEMA_KEY = /^[A-Za-z][A-Za-z0-9_]*$/;
const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** True if the text is well-formed Unicode: it has exactly one UTF-8 form, so its hash says what it is. */
export function isWellFormed(text: string): boolean {
  return !SURROGATE.test(text) || !LONE_SURROGATE.test(text);
}

/** Order by UTF-16 code units, as RFC 8785 asks; never by locale. Sorting texts without a comparison does the same. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeText(text: string): string {
  if (!isWellFormed(text)) throw new TypeError('canonical text must be well-formed Unicode');
  return JSON.stringify(text);
}

function writeNumber(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    throw new TypeError(`canonical numbers are safe integers, not ${String(value)}`);
  }
  return String(value);
}

/** An undefined field, an empty array and an object without a written field are the same as an absent one. */
function isAbsent(text: string): boolean {
  return text === '[]' || text === '{}';
}

function writeObject(value: { [key: string]: Canonical | undefined }): string {
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    const text = field === undefined ? undefined : canonicalJson(field);
    if (text === undefined || isAbsent(text)) continue;
    if (!SCHEMA_KEY.test(key))
      throw new TypeError('canonical keys come from a schema and are ASCII; user-chosen keys become pairs');
    parts.push(parts.length === 0 ? '{"' : ',"', key, '":', text);
  }
  parts.push(parts.length === 0 ? '{}' : '}');
  return parts.join('');
}

/**
 * The one text of a value, a subset of RFC 8785: ASCII schema keys sorted, safe integers, no null, no float, no −0, text
 * passed unchanged; undefined fields and empty collections are not written. Throws on anything else: that is a bug of the caller.
 */
export function canonicalJson(value: Canonical): string {
  switch (typeof value) {
    case 'string':
      return writeText(value);
    case 'number':
      return writeNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) throw new TypeError('null has no canonical form');
      return Array.isArray(value)
        ? ['[', value.map((item) => canonicalJson(item)).join(','), ']'].join('')
        : writeObject(value);
    default:
      throw new TypeError(`a ${typeof value} has no canonical form`);
  }
}
