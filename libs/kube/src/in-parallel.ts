/** Does all of it with at most `limit` at a time; answers in the order of the input. The first throw ends it, when what has begun is done. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const faults: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length && faults.length === 0) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T);
      } catch (error) {
        faults.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (faults.length > 0) throw faults[0];
  return results;
}
