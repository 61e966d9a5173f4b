import type { StoredReport } from '@isthmus/slo';

/** A report as the worker writes it; without a budget nothing was measured. */
export function sloReport(budgetRemaining?: number, clusters: readonly string[] = []): StoredReport {
  return {
    ...{ objective: 0.9, good: 99, total: 100, uncertain: 0, coverage: 1, windowStart: 0, windowSeconds: 3600 },
    ...{ simulated: false, clusters: clusters.map((cluster) => ({ cluster })) },
    ...(budgetRemaining === undefined ? { status: 'NO_DATA' } : { status: 'MET', budgetRemaining }),
  };
}
