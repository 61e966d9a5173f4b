/** Wall time only displays and dates rows; intervals and timeouts use the monotonic reading. */
export interface Clock {
  now(): Date;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** A clock that stands still until told to move; both readings advance together. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void;
  /** Moves wall time alone, as a stepped or wrong system clock does. */
  setWallTime(date: Date): void;
}

export function manualClock(start = new Date('2026-01-01T00:00:00Z')): ManualClock {
  let wall = start.getTime();
  let monotonic = 0;
  return {
    now: () => new Date(wall),
    monotonicMs: () => monotonic,
    advance: (milliseconds) => {
      wall += milliseconds;
      monotonic += milliseconds;
    },
    setWallTime: (date) => {
      wall = date.getTime();
    },
  };
}
