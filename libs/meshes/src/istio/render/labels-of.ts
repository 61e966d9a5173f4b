import { byCodeUnit, type NameValue } from '@isthmus/domain';

/** Pairs as Kubernetes writes labels, sorted by name. */
export function labelsOf(pairs: readonly NameValue[]): Record<string, string> {
  const sorted = [...pairs].sort((a, b) => byCodeUnit(a.name, b.name));
  return Object.fromEntries(sorted.map(({ name, value }) => [name, value]));
}
