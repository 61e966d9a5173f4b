import type { KubeObject } from '@isthmus/domain';

/** A mapping out of an object that was read from somewhere. */
export type Item = Readonly<Record<string, unknown>>;

/** The mappings of a list in the spec of an object; none if there is no such list. */
export function specItems({ spec }: KubeObject, field: string): Item[] {
  const items = isItem(spec) ? spec[field] : undefined;
  return Array.isArray(items) ? items.filter(isItem) : [];
}

/** The object with this list in its spec. */
export function withSpecItems(object: KubeObject, field: string, items: readonly Item[]): KubeObject {
  return { ...object, spec: { ...(isItem(object.spec) ? object.spec : {}), [field]: items } };
}

/** The texts of a mapping in an item, such as labels. */
export function textsOf(item: Item, field: string): Record<string, string> {
  const value = item[field];
  const entries = isItem(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** True for a mapping, whatever is in it. */
export function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
