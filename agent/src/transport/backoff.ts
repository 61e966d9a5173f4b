/** Full jitter: each wait is uniform between 0 and a ceiling that doubles from `baseMs` to `capMs`. */
export interface Backoff {
  /** Milliseconds to wait before the next try. */
  next(): number;
  /** After a stream that held: the ceiling starts at the bottom again. */
  reset(): void;
}

export function fullJitter(options: { baseMs: number; capMs: number; random: () => number }): Backoff {
  const { baseMs, capMs, random } = options;
  let ceiling = baseMs;
  return {
    next() {
      const wait = Math.floor(random() * ceiling);
      ceiling = Math.min(capMs, ceiling * 2);
      return wait;
    },
    reset() {
      ceiling = baseMs;
    },
  };
}
