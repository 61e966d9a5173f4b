import { bumpLine, type Context, holdSessions, rowsOf } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf, rowsOfTable, table } from '../client/table.js';
import { type Applied, Prisma } from '../generated/client.js';
import type {
  AcknowledgedRef,
  Acknowledgement,
  AppliedRecord,
  AppliedReport,
  TargetLine,
  TargetRepository,
} from '../types/targets.js';
import { addOutboxAll } from './outbox.js';

export async function acknowledgeAll(context: Context, all: readonly Acknowledgement[]): Promise<ReadonlySet<string>> {
  const held = await holdSessions(
    context,
    all.map(({ from }) => from),
  );
  const rows = all
    .filter(({ from }) => held.has(from.cluster))
    .flatMap(({ from, reports }) => newest(reports).map((report) => ({ cluster: from.cluster, ...row(report) })));
  if (rows.length > 0) await write(context, rows);
  return new Set(all.map(({ from }) => from.cluster).filter((cluster) => !held.has(cluster)));
}

/** What a cluster says of a global namespace that was never meant for it is not written. */
async function write(context: Context, rows: readonly object[]): Promise<void> {
  const { db, org } = context;
  const version = await bumpLine(context, 'applied');
  const written = await db.$queryRaw<{ cluster: string }[]>`
    INSERT INTO applied AS a (org_id, cluster, gns, line, epoch, seq, root, object_count, objects, issues, error_count, warning_count, detail, applied_at, version)
    SELECT ${org}, r.cluster, r.gns, r.line, r.epoch, r.seq, r.root, r."objectCount", r.objects, r.issues, r.errors, r.warnings, r.detail, now(), ${version}
    FROM jsonb_to_recordset(${rowsOf(rows)}::jsonb) AS r(cluster text, gns text, line text, epoch int, seq bigint, root text,
      "objectCount" int, objects jsonb, issues jsonb, errors int, warnings int, detail jsonb)
    JOIN target t ON t.org_id = ${org} AND t.cluster = r.cluster AND t.gns = r.gns
    ORDER BY r.cluster, r.gns, r.line
    ON CONFLICT (org_id, cluster, gns, line) DO UPDATE SET epoch = EXCLUDED.epoch, seq = EXCLUDED.seq, root = EXCLUDED.root,
      object_count = EXCLUDED.object_count, objects = COALESCE(EXCLUDED.objects, a.objects), issues = EXCLUDED.issues,
      error_count = EXCLUDED.error_count, warning_count = EXCLUDED.warning_count, detail = EXCLUDED.detail,
      applied_at = EXCLUDED.applied_at, version = EXCLUDED.version
    WHERE (EXCLUDED.epoch, EXCLUDED.seq) >= (a.epoch, a.seq)
    RETURNING cluster`;
  const clusters = [...new Set(written.map(({ cluster }) => cluster))].sort();
  await addOutboxAll(
    context,
    clusters.map((subject) => ({ topic: 'applied.changed', subject })),
  );
}

/** The newest report of a line within one batch counts: a statement cannot touch a row twice. */
function newest(reports: readonly AppliedReport[]): AppliedReport[] {
  const kept = new Map<string, AppliedReport>();
  for (const report of reports) {
    const key = `${report.gns} ${report.line}`;
    const other = kept.get(key);
    if (other === undefined || !isOlder(report, other)) kept.set(key, report);
  }
  return [...kept.values()];
}

function isOlder(report: AppliedReport, other: AppliedReport): boolean {
  if (report.ref.epoch !== other.ref.epoch) return report.ref.epoch < other.ref.epoch;
  return report.ref.seq < other.ref.seq;
}

function row(report: AppliedReport) {
  const { ref, ...rest } = report;
  return { ...rest, ...ref, errors: count(report, 'ERROR'), warnings: count(report, 'WARNING') };
}

function count(report: AppliedReport, severity: string): number {
  return report.issues.filter(
    (issue) => typeof issue === 'object' && issue !== null && 'severity' in issue && issue.severity === severity,
  ).length;
}

export async function acknowledged({ db, org }: Context, gns: string): Promise<AcknowledgedRef[]> {
  const rows = await db.applied.findMany({
    where: { orgId: org, gns },
    orderBy: [{ cluster: 'asc' }, { line: 'asc' }],
    select: { cluster: true, line: true, epoch: true, seq: true, root: true },
  });
  return rows.map(({ cluster, line, epoch, seq, root }) => ({
    cluster,
    line: line as TargetLine,
    ref: { epoch, seq: Number(seq), root },
  }));
}

export async function ready({ db, org }: Context, gns: string): ReturnType<TargetRepository['ready']> {
  const rows = await db.$queryRaw<{ cluster: string; epoch: number; seq: bigint }[]>`
    SELECT cluster, (detail->'wanted'->>'epoch')::int AS epoch, (detail->'wanted'->>'seq')::bigint AS seq FROM applied
    WHERE org_id = ${org} AND gns = ${gns} AND line = 'policy' AND detail->>'ready' = 'true'`;
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

const APPLIED = table<Applied>('applied', Prisma.AppliedScalarFieldEnum, {
  dates: { appliedAt: true },
  bigints: { seq: true, version: true },
});

export async function applied(
  context: ReadContext,
  { cluster, gns, changedSince }: Parameters<TargetRepository['applied']>[0],
): Promise<AppliedRecord[]> {
  const newer = changedSince === undefined ? Prisma.sql`true` : Prisma.sql`version > ${changedSince}`;
  const where = Prisma.join([isOneOf('cluster', cluster), isOneOf('gns', gns), newer], ' AND ');
  return (await rowsOfTable(context, APPLIED, { where, orderBy: 'version, cluster, gns, line' })).map(record);
}

function record(row: Applied): AppliedRecord {
  return {
    cluster: row.cluster,
    gns: row.gns,
    line: row.line as TargetLine,
    ref: { epoch: row.epoch, seq: Number(row.seq), root: row.root },
    objectCount: row.objectCount,
    objects: row.objects ?? undefined,
    issues: row.issues as unknown[],
    errorCount: row.errorCount,
    warningCount: row.warningCount,
    detail: row.detail ?? undefined,
    appliedAt: row.appliedAt,
    version: Number(row.version),
  };
}
