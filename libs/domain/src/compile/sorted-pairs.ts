import type { NameValue } from '../intent/entries.js';
import { byCodeUnit } from '../tree/canonical.js';

/** Pairs of a label map, sorted by name. */
export function sortedPairs(labels: Record<string, string>): NameValue[] {
  return Object.entries(labels)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}
