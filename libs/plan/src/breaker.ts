import { byCodeUnit, sha256Hex, type Hash } from '@isthmus/domain';

/** When deletions trip the breaker: above `count`, or above `share` of the window's maximum with at least `atLeast`. */
export const BREAKER_LIMITS = { windowMs: 600_000, count: 50, share: 0.2, atLeast: 5 } as const;

/** What the breaker remembers: deletions that counted and totals that were seen, with their times in milliseconds. */
export interface BreakerWindow {
  readonly deletions: readonly { at: number; count: number }[];
  readonly totals: readonly { at: number; total: number }[];
}

/** A breaker that has seen nothing. */
export const FRESH_WINDOW: BreakerWindow = { deletions: [], totals: [] };

/** Deletions that somebody asks for now, of `total` entries or objects that exist before them. `now` never goes back. */
export interface DeletionRequest {
  now: number;
  count: number;
  total: number;
}

/** `allowed` false: the request is held as a whole and does not count. `window` replaces the one that was given. */
export interface BreakerVerdict {
  allowed: boolean;
  window: BreakerWindow;
}

/** Totals that can still be the maximum: a smaller one that is older than a larger one never is. */
function withTotal(totals: BreakerWindow['totals'], now: number, total: number): BreakerWindow['totals'] {
  return [...totals.filter((seen) => seen.total > total), { at: now, total }];
}

/** Forgets what has left the window and remembers the total: call it now and then, so that the maximum is known. */
export function observeTotal(window: BreakerWindow, { now, total }: Omit<DeletionRequest, 'count'>): BreakerWindow {
  const isRecent = ({ at }: { at: number }): boolean => now - at < BREAKER_LIMITS.windowMs;
  return {
    deletions: window.deletions.filter(isRecent),
    totals: withTotal(window.totals.filter(isRecent), now, total),
  };
}

/** Counts deletions that happen whatever the breaker says, because the owner of the window wants them to count. */
export function noteDeletions(window: BreakerWindow, request: DeletionRequest): BreakerWindow {
  const seen = observeTotal(window, request);
  return request.count === 0
    ? seen
    : { ...seen, deletions: [...seen.deletions, { at: request.now, count: request.count }] };
}

/**
 * Judges deletions: those of the last ten minutes and the requested ones together, against the largest total of that time. A
 * request that would trip is held whole; adds and updates are none of its business.
 */
export function massDeleteBreaker(window: BreakerWindow, request: DeletionRequest): BreakerVerdict {
  const seen = observeTotal(window, request);
  if (request.count === 0) return { allowed: true, window: seen };
  const deleted = seen.deletions.reduce((sum, { count }) => sum + count, request.count);
  const maximum = seen.totals.reduce((most, { total }) => Math.max(most, total), 0);
  const { count, share, atLeast } = BREAKER_LIMITS;
  const trips = deleted > count || (deleted >= atLeast && deleted > maximum * share);
  return trips ? { allowed: false, window: seen } : { allowed: true, window: noteDeletions(window, request) };
}

/** Hash of a set of held deletions, whatever their order: what a person approves. */
export function heldSetHash(keys: readonly string[]): Hash {
  return sha256Hex([...new Set(keys)].sort(byCodeUnit).join('\n'));
}

/**
 * True if an approval of the shown set covers these deletions: they are that set or what is left of it. One deletion more and
 * the approval has lapsed.
 */
export function approvalCovers(
  approved: { setHash: Hash; shown: readonly string[] },
  keys: readonly string[],
): boolean {
  if (heldSetHash(approved.shown) !== approved.setHash) return false;
  const shown = new Set(approved.shown);
  return keys.every((key) => shown.has(key));
}
