/** Deletions within this time count together. */
export const BREAKER_WINDOW_MS = 10 * 60_000;

/** More deletions than this trip, whatever the share. */
export const BREAKER_MAX_DELETIONS = 50;

/** More than this share trips, from `BREAKER_MIN_DELETIONS` on. */
export const BREAKER_MAX_SHARE = 0.2;

/** Fewer deletions than this never trip. */
export const BREAKER_MIN_DELETIONS = 5;

/** What happened within the window. A value; start with `CALM`. */
export interface BreakerState {
  /** Deletions that happened, with the reading of a monotonic clock in milliseconds. */
  deletions: readonly { atMs: number; count: number }[];
  /** Objects that there were. */
  totals: readonly { atMs: number; total: number }[];
}

export const CALM: BreakerState = { deletions: [], totals: [] };

/** A wish to delete `count` of `total` objects at `nowMs`. */
export interface DeletionWish {
  nowMs: number;
  count: number;
  total: number;
}

/**
 * Judges a wish to delete: tripped above 50 deletions within 10 minutes, or above 20 % of the most objects that there were within
 * them, if it is at least 5. Deletions are counted only if they may happen; a tripped breaker holds all of the wish.
 */
export function massDeleteBreaker(state: BreakerState, wish: DeletionWish): { tripped: boolean; state: BreakerState } {
  const recent = observeTotal(state, wish);
  const all = wish.count + recent.deletions.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(...recent.totals.map(({ total }) => total));
  const tripped =
    wish.count > 0 && (all > BREAKER_MAX_DELETIONS || (all >= BREAKER_MIN_DELETIONS && all > most * BREAKER_MAX_SHARE));
  return tripped ? { tripped, state: recent } : { tripped, state: noteDeletions(recent, wish) };
}

/** Counts deletions that happen whatever the breaker says: a person approved them, or a signed statement asked for them. */
export function noteDeletions(state: BreakerState, { nowMs, count, total }: DeletionWish): BreakerState {
  const recent = observeTotal(state, { nowMs, count, total });
  return count === 0 ? recent : { ...recent, deletions: [...recent.deletions, { atMs: nowMs, count }] };
}

function observeTotal(state: BreakerState, { nowMs, total }: DeletionWish): BreakerState {
  const since = nowMs - BREAKER_WINDOW_MS;
  const totals = state.totals.filter(({ atMs, total: earlier }) => atMs > since && earlier > total);
  return { deletions: state.deletions.filter(({ atMs }) => atMs > since), totals: [...totals, { atMs: nowMs, total }] };
}
