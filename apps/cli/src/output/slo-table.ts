import * as z from 'zod';
import { table } from './table.js';

/** What is shown of one report. */
export const sloReportSchema = z.object({
  service: z.string().nullable(),
  globalNamespace: z.object({ name: z.string() }).nullable(),
  status: z.string(),
  source: z.string().nullable(),
  attainment: z.number().nullable(),
  errorBudgetRemaining: z.number().nullable(),
  burnRate1h: z.number().nullable(),
  burnRate6h: z.number().nullable(),
  freshnessSeconds: z.number().nullable(),
  stale: z.boolean(),
});
export type SloReportRow = z.infer<typeof sloReportSchema>;

/** Fields of the query that `sloReportSchema` reads. */
export const SLO_REPORT_FIELDS = `service globalNamespace { name } status source attainment errorBudgetRemaining
  burnRate1h burnRate6h freshnessSeconds stale`;

const UNKNOWN = '-';
const HEAD = ['GNS', 'SERVICE', 'STATUS', 'ATTAINMENT', 'BUDGET LEFT', 'BURN 1H', 'BURN 6H', 'FRESHNESS', 'SOURCE'];

/** Rounded down: what was not reached is never shown as reached. */
function percent(share: number | null, decimals: number): string {
  if (share === null) return UNKNOWN;
  const scale = 10 ** decimals;
  return `${(Math.floor(share * 100 * scale + 1e-6) / scale).toFixed(decimals)}%`;
}

const rate = (value: number | null): string => (value === null ? UNKNOWN : value.toFixed(2));

function freshness({ freshnessSeconds, stale }: SloReportRow): string {
  if (freshnessSeconds === null) return 'never observed';
  return `${freshnessSeconds}s${stale ? ' (stale)' : ''}`;
}

/** Reports as a table; a row without a service is all services of its global namespace together. */
export function sloTable(reports: readonly SloReportRow[]): string {
  const rows = reports.map((report) => [
    report.globalNamespace?.name ?? UNKNOWN,
    report.service ?? '(all)',
    report.status,
    percent(report.attainment, 4),
    percent(report.errorBudgetRemaining, 1),
    rate(report.burnRate1h),
    rate(report.burnRate6h),
    freshness(report),
    report.source ?? UNKNOWN,
  ]);
  return table(HEAD, rows);
}
