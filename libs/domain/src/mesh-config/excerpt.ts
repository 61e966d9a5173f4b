import { fieldsOf, isFields, type Fields } from '../inventory/manifest-fields.js';
import { isPort } from '../inventory/ports.js';
import { textFault } from '../resources/hygiene.js';
import { isLabelKey, isLabelValue } from '../resources/text/labels.js';

/** Most items of one list that are told of an object. */
export const MAX_ITEMS = 64;

/** The longest text that is told. */
export const MAX_TEXT = 512;

/**
 * Reads fields of an object that the mesh has taken already. What is not understood counts as absent, without an issue: it is not
 * for us to judge. What is too long to be told is noted.
 */
export class Excerpt {
  isCut = false;

  text(value: unknown): string | undefined {
    if (typeof value !== 'string' || value === '' || textFault(value) !== undefined) return undefined;
    if (value.length <= MAX_TEXT) return value;
    this.isCut = true;
    return undefined;
  }

  texts(value: unknown): string[] {
    return this.items(value).flatMap((item) => this.text(item) ?? []);
  }

  /** The first items of a list; none if it is no list. */
  items(value: unknown): unknown[] {
    if (!Array.isArray(value)) return [];
    if (value.length > MAX_ITEMS) this.isCut = true;
    return value.slice(0, MAX_ITEMS);
  }

  /** The mappings among the first items of a list. */
  mappings(value: unknown): Fields[] {
    return this.items(value).map(fieldsOf);
  }

  port(value: unknown): number | undefined {
    return isPort(value) ? value : undefined;
  }
}

/** Labels of a selector; empty if it has none, undefined if one of them is no label: without it the selector would say something else. */
export function labelsIn(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) return undefined;
  const labels = Object.entries(value);
  const isSound = labels.every(([key, text]) => isLabelKey(key) && typeof text === 'string' && isLabelValue(text));
  return isSound ? Object.fromEntries(labels.map(([key, text]) => [key, String(text)])) : undefined;
}
