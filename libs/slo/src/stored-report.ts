import { STALE_AFTER_SECONDS, type SloStatus } from './slo-report.js';
import type { TrackReport } from './slo-track.js';

/** When a cluster with servers was last observed. */
export interface ClusterObservation {
  /** Uid of the cluster. */
  cluster: string;
  /** End of the newest reported minute, in Unix seconds; absent: it never reported. */
  observedAt?: number;
}

/** A report as the worker stores it; times are Unix seconds, shares 0 to 1. */
export interface StoredReport {
  status: SloStatus;
  objective: number;
  good: number;
  total: number;
  uncertain: number;
  /** Absent without events, as are budget and burn rates. */
  attainment?: number;
  /** Share of the error budget that is left; negative: overspent. */
  budgetRemaining?: number;
  burnRate1h?: number;
  burnRate6h?: number;
  coverage: number;
  windowStart: number;
  windowSeconds: number;
  simulated: boolean;
  /** Clusters that have servers of what was evaluated, sorted. */
  clusters: ClusterObservation[];
}

/** What a report is stored with beside its numbers. */
export interface StoredWith {
  windowStart: number;
  windowSeconds: number;
  /** Uids of the clusters that have servers now. */
  clusters: readonly string[];
}

const optional = <K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> =>
  value === undefined ? {} : ({ [key]: value } as Partial<Record<K, number>>);

/** The stored form of a report. Clusters that have no servers any more are not waited for. */
export function storedReport(report: TrackReport, { windowStart, windowSeconds, clusters }: StoredWith): StoredReport {
  const observed = new Map(report.freshness.map(({ cluster, observedAt }) => [cluster, observedAt]));
  return {
    status: report.status,
    objective: report.objective,
    ...report.events,
    ...optional('attainment', report.attainment),
    ...optional('budgetRemaining', report.budget?.remaining),
    ...optional('burnRate1h', report.burnRate1h),
    ...optional('burnRate6h', report.burnRate6h),
    coverage: report.coverage,
    windowStart,
    windowSeconds,
    simulated: report.simulated,
    clusters: [...clusters].sort().map((cluster) => ({ cluster, ...optional('observedAt', observed.get(cluster)) })),
  };
}

/** How old a report is: as old as its oldest part. */
export interface ReportAge {
  /** The observation that is longest ago, in Unix seconds; absent: nobody has reported. */
  observedAt?: number;
  freshnessSeconds?: number;
  /** True if a cluster with servers has not reported within the last five minutes, or never. */
  stale: boolean;
}

function secondsSince(then: number, now: number): number {
  return Math.max(0, Math.round(now - then));
}

/** Age of a report at `now` (Unix seconds). A cluster that never reported makes it stale, but has no age. */
export function ageOf({ clusters }: Pick<StoredReport, 'clusters'>, now: number): ReportAge {
  const times = clusters.map(({ observedAt }) => observedAt).filter((time) => time !== undefined);
  if (times.length === 0) return { stale: true };
  const observedAt = Math.min(...times);
  const freshnessSeconds = secondsSince(observedAt, now);
  return {
    observedAt,
    freshnessSeconds,
    stale: times.length < clusters.length || freshnessSeconds > STALE_AFTER_SECONDS,
  };
}

/**
 * What a stored report is worth at `now`, whoever still evaluates it: once its whole window has passed without a report,
 * it says nothing any more.
 */
export function asOf(report: StoredReport, now: number): StoredReport {
  const newest = Math.max(...report.clusters.map(({ observedAt }) => observedAt ?? 0), 0);
  if (newest === 0 || newest + report.windowSeconds > now) return report;
  const { objective, windowStart, windowSeconds, simulated, clusters } = report;
  const nothing = { status: 'NO_DATA' as const, good: 0, total: 0, uncertain: 0, coverage: 0 };
  return { ...nothing, objective, windowStart, windowSeconds, simulated, clusters };
}

const STATUSES: readonly unknown[] = ['MET', 'BREACHED', 'NO_DATA'] satisfies SloStatus[];
const NUMBERS = ['objective', 'good', 'total', 'uncertain', 'coverage', 'windowStart', 'windowSeconds'] as const;

/** Reads a row's report; undefined for what is none, such as that of a newer release. */
export function readStoredReport(value: unknown): StoredReport | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const isReport =
    STATUSES.includes(fields['status']) &&
    NUMBERS.every((key) => typeof fields[key] === 'number') &&
    Array.isArray(fields['clusters']);
  return isReport ? (value as StoredReport) : undefined;
}
