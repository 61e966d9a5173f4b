import type { SloEntry } from '@isthmus/domain';
import { attainment, burnRate, errorBudget, type ErrorBudget } from './error-budget.js';
import { addEvents, NO_EVENTS, type Events } from './indicator.js';
import { windowStart, type SloState } from './slo-state.js';

/** Reports older than this say nothing about now. */
export const STALE_AFTER_SECONDS = 300;

/**
 * MET and BREACHED compare attainment with the objective over what was measured; NO_DATA: no request was measured in the
 * window. NO_DATA is never MET.
 */
export type SloStatus = 'MET' | 'BREACHED' | 'NO_DATA';

/** How old a cluster's newest minute is. */
export interface Freshness {
  cluster: string;
  /** End of the newest reported minute, in Unix seconds. */
  observedAt: number;
  isStale: boolean;
}

/** What an objective looks like at one moment. Shares are 0 to 1. */
export interface SloReport {
  status: SloStatus;
  events: Events;
  objective: number;
  /** Absent without events. */
  attainment?: number;
  budget?: ErrorBudget;
  burnRate?: number;
  /** Share of the window from its first reported slot to now: below 1 the window is not full yet. */
  coverage: number;
  /** By cluster; empty: nobody has reported. */
  freshness: Freshness[];
  /** True if any of it was replayed instead of measured. */
  simulated: boolean;
}

/** Compared without division, so that exactly the objective is met. */
function statusOf({ good, total }: Events, objectivePpm: number): SloStatus {
  if (total <= 0) return 'NO_DATA';
  return good * 1_000_000 >= total * objectivePpm ? 'MET' : 'BREACHED';
}

function freshnessOf({ newest }: SloState, now: number): Freshness[] {
  return Object.entries(newest).map(([cluster, minute]) => {
    const observedAt = minute + 60;
    return { cluster, observedAt, isStale: now - observedAt > STALE_AFTER_SECONDS };
  });
}

/** Share of the rolling window that lies between its first report and now. */
function coverageOf(state: SloState, first: number | undefined, now: number): number {
  if (first === undefined) return 0;
  return Math.min(1, Math.max(0, (now - first) / state.windowSeconds));
}

/** Evaluates an objective over the rolling window that ends at `now` (Unix seconds). Pure; it does not change the state. */
export function evaluate(slo: Pick<SloEntry, 'objectivePpm'>, state: SloState, now: number): SloReport {
  const slots = state.slots.filter(({ start }) => start >= windowStart(state, now));
  const events = slots.reduce<Events>((sum, slot) => addEvents(sum, slot), NO_EVENTS);
  const share = attainment(events);
  const budget = errorBudget(events, slo.objectivePpm);
  const rate = burnRate(events, slo.objectivePpm);
  return {
    status: statusOf(events, slo.objectivePpm),
    events,
    objective: slo.objectivePpm / 1_000_000,
    ...(share === undefined ? {} : { attainment: share }),
    ...(budget === undefined ? {} : { budget }),
    ...(rate === undefined ? {} : { burnRate: rate }),
    coverage: coverageOf(state, slots[0]?.start, now),
    freshness: freshnessOf(state, now),
    simulated: slots.some(({ simulated }) => simulated === true),
  };
}
