import { Prisma } from '../generated/client.js';
import type { Line } from '../types/channels.js';
import type { IdSource } from '../types/store.js';
import type { OwnConnection } from './connection.js';
import type { ReadContext } from './rows.js';

/** What every repository of one transaction shares. */
export interface Context extends ReadContext {
  db: Prisma.TransactionClient;
  /** For statements that are too frequent to go through `db`. */
  connection: OwnConnection;
  ids: IdSource;
}

/** Moves a line on by one. Its row stays locked until commit, so that versions are seen in the order of commits. */
export async function bumpLine(context: Context, line: Line): Promise<bigint> {
  const rows = await context.db.$queryRaw<{ version: bigint }[]>`
    INSERT INTO line_version (org_id, line, version) VALUES (${context.org}, ${line}, 1)
    ON CONFLICT (org_id, line) DO UPDATE SET version = line_version.version + 1 RETURNING version`;
  const version = rows[0]?.version;
  if (version === undefined) throw new Error(`line ${line} of ${context.org} did not move`);
  return version;
}

export async function readLine(context: Context, line: Line): Promise<number> {
  const row = await context.db.lineVersion.findUnique({ where: { orgId_line: { orgId: context.org, line } } });
  return Number(row?.version ?? 0n);
}

/** Tells those who listen on `agents`. */
export async function notifyAgents(context: Context, cluster: string, what: string): Promise<void> {
  await notify(context, 'isthmus_agents', { subject: cluster, detail: what });
}

/** Tells those who listen on a channel, when this transaction commits. */
export async function notify(
  { connection, org }: Context,
  channel: string,
  { subject, detail }: { subject: string; detail: string },
): Promise<void> {
  const payload = JSON.stringify({ org, subject, detail });
  await connection.query(Prisma.sql`SELECT pg_notify(${channel}, ${payload})`);
}

/** True if that session is the cluster's newest; a share lock keeps it so until the transaction ends. */
export async function holdSession(context: Context, from: { cluster: string; session: number }): Promise<boolean> {
  return (await holdSessions(context, [from])).has(from.cluster);
}

/** Those of the clusters whose session is the newest one; share locks keep it so until the transaction ends. */
export async function holdSessions(
  { db, org }: Context,
  all: readonly { cluster: string; session: number }[],
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ cluster: string }[]>`
    SELECT s.cluster FROM agent_session s
    JOIN jsonb_to_recordset(${rowsOf(all)}::jsonb) AS f(cluster text, session bigint)
      ON s.cluster = f.cluster AND s.session = f.session
    WHERE s.org_id = ${org} AND s.quarantine IS NULL AND s.revoked_at IS NULL
    ORDER BY s.cluster
    FOR SHARE OF s`;
  return new Set(rows.map(({ cluster }) => cluster));
}

/** Rows for jsonb_to_recordset. */
export function rowsOf(values: readonly object[]): string {
  return JSON.stringify(values, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
