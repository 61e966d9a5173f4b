import { DEFAULT_PROJECT } from '@isthmus/domain';
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

const placeSchema = z.object({ name: z.string(), projectName: z.string().nullable() }).nullable();

/** What is shown of an objective over all services of a global namespace. */
export const objectiveSchema = sloReportSchema.omit({ service: true }).extend({
  policy: placeSchema,
  globalNamespace: placeSchema,
  objective: z.number(),
  good: z.number(),
  total: z.number(),
  observedAt: z.string().nullable(),
});
export type Objective = z.infer<typeof objectiveSchema>;

/** Fields of the query that `objectiveSchema` reads. */
export const OBJECTIVE_FIELDS = `policy { name projectName } globalNamespace { name projectName } objective status source
  attainment errorBudgetRemaining burnRate1h burnRate6h good total freshnessSeconds stale observedAt`;

const UNKNOWN = '-';
const STANDING = ['ATTAINMENT', 'BUDGET LEFT', 'BURN 1H', 'BURN 6H', 'FRESHNESS'];

/** Rounded down: what was not reached is never shown as reached. */
function percent(share: number | null, decimals: number): string {
  if (share === null) return UNKNOWN;
  const scale = 10 ** decimals;
  return `${(Math.floor(share * 100 * scale + 1e-6) / scale).toFixed(decimals)}%`;
}

const rate = (value: number | null): string => (value === null ? UNKNOWN : value.toFixed(2));

function freshness({ freshnessSeconds, stale }: Pick<SloReportRow, 'freshnessSeconds' | 'stale'>): string {
  if (freshnessSeconds === null) return 'never observed';
  return `${freshnessSeconds}s${stale ? ' (stale)' : ''}`;
}

/** How it stands, under the titles of `STANDING`. */
function standingOf(report: Omit<SloReportRow, 'service'>): string[] {
  const { attainment, errorBudgetRemaining, burnRate1h, burnRate6h } = report;
  return [
    ...[percent(attainment, 4), percent(errorBudgetRemaining, 1), rate(burnRate1h), rate(burnRate6h)],
    freshness(report),
  ];
}

/** Reports as a table; a row without a service is all services of its global namespace together. */
export function sloTable(reports: readonly SloReportRow[]): string {
  const rows = reports.map((report) => [
    ...[report.globalNamespace?.name ?? UNKNOWN, report.service ?? '(all)', report.status],
    ...standingOf(report),
    report.source ?? UNKNOWN,
  ]);
  return table(['GNS', 'SERVICE', 'STATUS', ...STANDING, 'SOURCE'], rows);
}

/** `bookinfo`, or `<project>/<name>` outside the default project. */
function placeText(place: Objective['policy']): string {
  if (place === null) return UNKNOWN;
  const { name, projectName } = place;
  return projectName === null || projectName === DEFAULT_PROJECT ? name : `${projectName}/${name}`;
}

/** Objectives of many global namespaces as a table, in their order; a wide one has what was counted, too. */
export function objectivesTable(objectives: readonly Objective[], isWide: boolean): string {
  const rows = objectives.map((one) => [
    ...[placeText(one.policy), placeText(one.globalNamespace), one.status, percent(one.objective, 4)],
    ...standingOf(one),
    ...(isWide ? [one.source ?? UNKNOWN, String(Math.floor(one.good)), String(Math.floor(one.total))] : []),
  ]);
  const counted = isWide ? ['SOURCE', 'GOOD', 'TOTAL'] : [];
  return table(['POLICY', 'GNS', 'STATUS', 'OBJECTIVE', ...STANDING, ...counted], rows);
}
