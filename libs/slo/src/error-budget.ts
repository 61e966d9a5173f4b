const PPM = 1_000_000;

/** Events of a window. */
export interface Ratio {
  good: number;
  total: number;
}

/** Share of good events, 0 to 1; undefined without events: nothing measured is not the same as nothing wrong. */
export function attainment({ good, total }: Ratio): number | undefined {
  return total > 0 ? good / total : undefined;
}

/** An error budget in events. */
export interface ErrorBudget {
  /** Bad events that the objective allows among those of the window. */
  allowed: number;
  /** Bad events that happened. */
  spent: number;
  /** Share of the budget that is left: 1 = untouched, 0 = used up, negative = overspent. */
  remaining: number;
}

/**
 * Error budget of a window: (1 − objective) × total events may be bad (SRE workbook, chapter 2 and appendix B: an event-based
 * budget). `objectivePpm` is the objective in parts per million, below 1,000,000. Undefined without events.
 */
export function errorBudget({ good, total }: Ratio, objectivePpm: number): ErrorBudget | undefined {
  if (total <= 0) return undefined;
  const allowed = (total * (PPM - objectivePpm)) / PPM;
  const spent = total - good;
  return { allowed, spent, remaining: 1 - spent / allowed };
}

/**
 * How many times faster than the objective allows budget is spent: error rate / (1 − objective) (SRE workbook, chapter 5,
 * "Alerting on SLOs"). 1 uses the budget up exactly at the end of the window. Undefined without events.
 */
export function burnRate({ good, total }: Ratio, objectivePpm: number): number | undefined {
  return total > 0 ? ((total - good) * PPM) / (total * (PPM - objectivePpm)) : undefined;
}
