import { ageOf, asOf, readStoredReport, type ReportAge, type StoredReport } from '@isthmus/slo';
import type { SloReportRecord } from '@isthmus/store';

/** A stored report with what it is worth now. */
export interface SloReportModel extends ReportAge {
  gns: string;
  /** Uid of the policy. */
  slo: string;
  /** Empty: all hosts of the global namespace together. */
  host: string;
  report: StoredReport;
  evaluatedAt: Date;
}

export const seconds = (date: Date): number => date.getTime() / 1000;

/** Reports as of now; one that cannot be read, such as that of a newer release, is left out. */
export function reportsAt(rows: readonly SloReportRecord[], now: Date): SloReportModel[] {
  return rows.flatMap(({ gns, slo, host, report: stored, evaluatedAt }) => {
    const read = readStoredReport(stored);
    if (read === undefined) return [];
    const report = asOf(read, seconds(now));
    return [{ gns, slo, host, report, evaluatedAt, ...ageOf(report, seconds(now)) }];
  });
}

/** The least that is left of an error budget first; where nothing was measured nothing is known, and that stands last. */
export function byBudget(a: SloReportModel, b: SloReportModel): number {
  const [left, other] = [a.report.budgetRemaining ?? Infinity, b.report.budgetRemaining ?? Infinity];
  if (left !== other) return left < other ? -1 : 1;
  return `${reportKeyOf(a)} ${a.slo}` < `${reportKeyOf(b)} ${b.slo}` ? -1 : 1;
}

/** Unique among the reports of one policy; sorted by it. */
export function reportKeyOf({ gns, host }: SloReportModel): string {
  return `${gns} ${host}`;
}
