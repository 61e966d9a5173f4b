import type { Canonical } from './types.js';

const SCHEMA_KEY = /^[A-Za-z][A-Za-z0-9_]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** True if the text is well-formed Unicode: it has exactly one UTF-8 form, so its hash says what it is. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** Order by UTF-16 code units, as RFC 8785 asks; never by locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An undefined field, an empty array and an object without a written field are the same as an absent one. */
function isAbsent(value: Canonical | undefined): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.length === 0;
  return Object.values(value).every((field) => isAbsent(field));
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

function writeObject(value: { [key: string]: Canonical | undefined }): string {
  const fields: string[] = [];
  for (const key of Object.keys(value).sort(byCodeUnit)) {
    const field = value[key];
    if (field === undefined || isAbsent(field)) continue;
    if (!SCHEMA_KEY.test(key))
      throw new TypeError('canonical keys come from a schema and are ASCII; user-chosen keys become pairs');
    fields.push(`"${key}":${canonicalJson(field)}`);
  }
  return `{${fields.join(',')}}`;
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
      return Array.isArray(value) ? `[${value.map((item) => canonicalJson(item)).join(',')}]` : writeObject(value);
    default:
      throw new TypeError(`a ${typeof value} has no canonical form`);
  }
}
