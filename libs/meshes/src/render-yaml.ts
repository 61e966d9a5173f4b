import { byCodeUnit, type KubeObject } from '@isthmus/domain';
import { stringify } from 'yaml';

const FIRST = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

function rank(key: string): number {
  const place = FIRST.indexOf(key);
  return place === -1 ? FIRST.length : place;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => rank(a) - rank(b) || byCodeUnit(a, b))
    .map(([key, field]): [string, unknown] => [key, sorted(field)]);
  return new Map(fields);
}

/**
 * One YAML document per object, in the given order, with the same bytes whatever the order of keys in memory:
 * apiVersion, kind, metadata, name and namespace come first, the rest by code unit. Texts that YAML 1.1 readers would take
 * for something else (`on`, `0123`, `1:30`) are quoted; nothing is folded, aliased or anchored. No objects: empty text.
 */
export function renderYaml(objects: Iterable<KubeObject>): string {
  const documents: string[] = [];
  for (const object of objects) {
    documents.push(stringify(sorted(object), { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false }));
  }
  return documents.join('---\n');
}
