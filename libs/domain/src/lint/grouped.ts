/** Items by a key, each group in their order. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = found.get(key) ?? [];
    known.push(item);
    found.set(key, known);
  }
  return found;
}
