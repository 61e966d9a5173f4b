/** Maps what an iterator gives; ending the result ends the source at once, even while it waits for its next value. */
export function mapIterator<T, R>(
  source: AsyncIterator<T>,
  map: (value: T) => R | Promise<R>,
): AsyncIterableIterator<R> {
  const iterator: AsyncIterableIterator<R> = {
    next: async () => {
      const result = await source.next();
      return result.done ? { done: true, value: undefined } : { done: false, value: await map(result.value) };
    },
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
    throw: async (error) => {
      await source.return?.();
      throw error;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

/** As mapIterator, but a value that maps to undefined is passed over. */
export function mapSomeIterator<T, R>(
  source: AsyncIterator<T>,
  map: (value: T) => Promise<R | undefined>,
): AsyncIterableIterator<R> {
  const mapped = mapIterator(source, map);
  const next = async (): Promise<IteratorResult<R>> => {
    for (;;) {
      const result = await mapped.next();
      if (result.done) return { done: true, value: undefined };
      if (result.value !== undefined) return { done: false, value: result.value };
    }
  };
  const iterator: AsyncIterableIterator<R> = {
    next,
    return: async () => {
      await mapped.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
