import type { Clock } from '@isthmus/platform';

/** Times that run for some names: each from when it was first told to run, for as long as it is told so without a break. */
export interface Elapsing {
  /** Milliseconds until the time of a name is over, which may be past; without end while it does not run. */
  readonly leftOf: (id: string) => number;
  /** These run, and no others. */
  readonly run: (ids: readonly string[]) => void;
}

/** `ms`: how long each time lasts. Only memory knows of them. */
export function createElapsing(clock: Clock, ms: number): Elapsing {
  let since: ReadonlyMap<string, number> = new Map<string, number>();
  return {
    leftOf(id) {
      const start = since.get(id);
      return start === undefined ? Number.POSITIVE_INFINITY : start + ms - clock.monotonicMs();
    },
    run(ids) {
      const now = clock.monotonicMs();
      since = new Map(ids.map((id) => [id, since.get(id) ?? now]));
    },
  };
}

/** The shortest of what is left, at least 0; undefined if there is none. */
export function nextOf(left: readonly number[]): number | undefined {
  return left.length === 0 ? undefined : Math.max(0, Math.min(...left));
}
