import { KEPT_MINUTES } from '@isthmus/slo';

const MINUTE = 60;

/** How long after its end a minute is measured, in seconds: scrapes that belong to it have arrived by then. */
export const LAG_SECONDS = 15;

/**
 * Starts of the minutes to measure now, the oldest first, in Unix seconds. `last` is the newest that was measured. Minutes that
 * were missed are measured later, as far back as the centre takes them; wall clocks that step back measure nothing twice.
 */
export function dueMinutes(last: number | undefined, now: number): number[] {
  const newest = Math.floor((now - LAG_SECONDS) / MINUTE) * MINUTE - MINUTE;
  const oldest = newest - (KEPT_MINUTES - 2) * MINUTE;
  const first = Math.max(oldest, last === undefined ? oldest : last + MINUTE);
  const count = Math.max(0, (newest - first) / MINUTE + 1);
  return Array.from({ length: count }, (_, index) => first + index * MINUTE);
}

/** Milliseconds until the next minute is due, plus the agent's own offset, so that a fleet does not ask at once. */
export function untilNext(nowMs: number, offsetMs: number): number {
  const period = MINUTE * 1000;
  const phase = (((nowMs - LAG_SECONDS * 1000 - offsetMs) % period) + period) % period;
  return period - phase;
}
