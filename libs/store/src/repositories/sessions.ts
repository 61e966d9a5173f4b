import { bumpLine, type Context, holdSession, notifyAgents } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { isOneOf, rowsOfTable, table } from '../client/table.js';
import { type AgentSession, Prisma } from '../generated/client.js';
import type { ConnectOutcome, SessionHello, SessionRecord, SessionRepository } from '../types/sessions.js';
import { type BootHistory, noteBoot } from './boots.js';
import { revokeCertificates } from './certificates.js';
import { rebind } from './rebind.js';

const SESSIONS = table<AgentSession>('agent_session', Prisma.AgentSessionScalarFieldEnum, {
  dates: { connectedAt: true, disconnectedAt: true, lastSeenAt: true, revokedAt: true, enrolledAt: true },
  bigints: { session: true, version: true, clockSkewMs: true },
});

/** Sessions of agents. */
export function sessionReads(context: ReadContext): Pick<SessionRepository, 'list'> {
  return {
    list: async (clusters) =>
      (await rowsOfTable(context, SESSIONS, { where: isOneOf('cluster', clusters), orderBy: 'cluster' })).map(record),
  };
}

export function sessionRepository(context: Context): SessionRepository {
  const { db, org } = context;
  return {
    connect: (hello) => connect(context, hello),
    disconnect: async (cluster, session, error) => {
      const version = await bumpLine(context, 'agent');
      const rows = await db.$executeRaw`
        UPDATE agent_session SET connected = false, disconnected_at = now(), last_error = COALESCE(${error ?? null}, last_error), version = ${version}
        WHERE org_id = ${org} AND cluster = ${cluster} AND session = ${session} AND connected`;
      return rows === 1;
    },
    touch: async (live) => {
      const clusters = live.map((each) => each.cluster);
      const touched = await db.$queryRaw<{ cluster: string }[]>`
        UPDATE agent_session s SET last_seen_at = now()
        FROM unnest(${clusters}::text[], ${live.map((each) => each.session)}::bigint[]) AS l(cluster, session)
        WHERE s.org_id = ${org} AND s.cluster = l.cluster AND s.session = l.session AND s.quarantine IS NULL AND s.revoked_at IS NULL
        RETURNING s.cluster`;
      const alive = new Set(touched.map((row) => row.cluster));
      return { fenced: clusters.filter((cluster) => !alive.has(cluster)) };
    },
    get: async (cluster) => {
      const row = await db.agentSession.findUnique({ where: { orgId_cluster: { orgId: org, cluster } } });
      return row === null ? undefined : record(row);
    },
    ...sessionReads(context),
    changedSince: async (version, limit) => {
      const where = { orgId: org, version: { gt: BigInt(version) } };
      return (
        await db.agentSession.findMany({ where, orderBy: [{ version: 'asc' }, { cluster: 'asc' }], take: limit })
      ).map(record);
    },
    hold: (cluster, session) => holdSession(context, { cluster, session }),
    ...decisions(context),
    forget: async (cluster) => {
      await bumpLine(context, 'agent');
      await db.agentSession.deleteMany({ where: { orgId: org, cluster } });
      await notifyAgents(context, cluster, 'forgotten');
    },
  };
}

type Decisions = Pick<
  SessionRepository,
  'noteError' | 'quarantine' | 'unquarantine' | 'enrolled' | 'rebind' | 'reset' | 'revoke'
>;

/** What is decided about an identity, by people or since it was misused. */
function decisions(context: Context): Decisions {
  const set = (cluster: string, what: string, data: Parameters<typeof change>[1]['data']) =>
    change(context, { cluster, what, data });
  return {
    noteError: (cluster, error) => set(cluster, 'error', { lastError: error ?? null }),
    quarantine: async (cluster, reason) => {
      const where = { orgId_cluster: { orgId: context.org, cluster } };
      const before = await context.db.agentSession.findUnique({ where, select: { quarantine: true } });
      // Again and again while copies knock: a token that a person made since then stays good.
      if ((before?.quarantine ?? null) === null) await voidTokens(context, cluster);
      await set(cluster, 'quarantined', { quarantine: reason, lastError: reason });
    },
    unquarantine: (cluster) =>
      set(cluster, 'unquarantined', { quarantine: null, boots: Prisma.DbNull, lastError: null }),
    enrolled: (cluster, address) =>
      set(cluster, 'enrolled', { enrolledAt: context.clock.now(), enrolledFrom: address }),
    rebind: (cluster, clusterUid) => rebind(context, cluster, clusterUid),
    reset: (cluster) =>
      set(cluster, 'reset', {
        ...{ quarantine: null, revokedAt: null, clusterUid: null, lastError: null },
        boots: Prisma.DbNull,
      }),
    revoke: async (cluster) => {
      await set(cluster, 'revoked', { revokedAt: context.clock.now() });
      await voidTokens(context, cluster);
      await revokeCertificates(context, cluster);
    },
  };
}

/** Who is kept out comes back by a token that was made after that decision, and by no other. */
async function voidTokens({ db, org, clock }: Context, cluster: string): Promise<void> {
  const now = clock.now();
  const where = { orgId: org, cluster, usedAt: null, expiresAt: { gt: now } };
  await db.enrolmentToken.updateMany({ where, data: { expiresAt: now } });
}

async function change(
  context: Context,
  edit: {
    cluster: string;
    what: string;
    data: {
      lastError?: string | null;
      quarantine?: string | null;
      revokedAt?: Date | null;
      clusterUid?: string | null;
      enrolledAt?: Date;
      enrolledFrom?: string;
      boots?: typeof Prisma.DbNull;
    };
  },
): Promise<void> {
  const version = await bumpLine(context, 'agent');
  await context.db.agentSession.upsert({
    where: { orgId_cluster: { orgId: context.org, cluster: edit.cluster } },
    create: { orgId: context.org, cluster: edit.cluster, ...edit.data, version },
    update: { ...edit.data, version },
    select: { cluster: true },
  });
  await notifyAgents(context, edit.cluster, edit.what);
}

/** Connecting raises the session under the row's lock: of two streams of one identity only the later one counts. */
async function connect(context: Context, hello: SessionHello): Promise<ConnectOutcome> {
  const { db, org } = context;
  await db.$executeRaw`INSERT INTO agent_session (org_id, cluster) VALUES (${org}, ${hello.cluster}) ON CONFLICT DO NOTHING`;
  await db.$queryRaw`SELECT 1 FROM agent_session WHERE org_id = ${org} AND cluster = ${hello.cluster} FOR UPDATE`;
  const before = await db.agentSession.findUniqueOrThrow({
    where: { orgId_cluster: { orgId: org, cluster: hello.cluster } },
  });
  if (before.revokedAt !== null) return { outcome: 'revoked' };
  if (before.quarantine !== null) return { outcome: 'quarantined', reason: before.quarantine };
  if (before.clusterUid !== null && before.clusterUid !== hello.clusterUid) {
    return { outcome: 'other-cluster', boundTo: before.clusterUid };
  }
  const doubled = await noteProcess(context, hello, before);
  if (doubled !== undefined) return doubled;
  const session = before.session + 1n;
  const version = await bumpLine(context, 'agent');
  await db.$executeRaw`
    UPDATE agent_session SET session = ${session}, gateway_id = ${hello.gatewayId}, cluster_uid = ${hello.clusterUid},
      agent_version = ${hello.agentVersion}, address = ${hello.address}, clock_skew_ms = ${hello.clockSkewMs ?? null}::bigint, protocol = ${hello.protocol ?? null}::int, connected = true, connected_at = now(),
      last_seen_at = now(), last_error = NULL, version = ${version}
    WHERE org_id = ${org} AND cluster = ${hello.cluster}`;
  await notifyAgents(context, hello.cluster, 'connected');
  return {
    outcome: 'connected',
    session: Number(session),
    previous: before.session === 0n ? undefined : record(before),
  };
}

/** Two processes that use one identity in turns are a copy, whatever gateways they come to. */
async function noteProcess(
  context: Context,
  { cluster, bootId }: SessionHello,
  { boots }: AgentSession,
): Promise<ConnectOutcome | undefined> {
  if (bootId === undefined) return undefined;
  const { history, isDoubled } = noteBoot((boots ?? undefined) as unknown as BootHistory | undefined, bootId);
  await context.db.$executeRaw`
    UPDATE agent_session SET boots = ${JSON.stringify(history)}::jsonb WHERE org_id = ${context.org} AND cluster = ${cluster}`;
  if (!isDoubled) return undefined;
  const reason = 'DuplicateIdentity: two agents use this identity in turns';
  await voidTokens(context, cluster);
  await change(context, { cluster, what: 'quarantined', data: { quarantine: reason, lastError: reason } });
  return { outcome: 'quarantined', reason };
}

function record(row: AgentSession): SessionRecord {
  return {
    cluster: row.cluster,
    session: Number(row.session),
    connected: row.connected,
    version: Number(row.version),
    ...given({
      gatewayId: row.gatewayId,
      clusterUid: row.clusterUid,
      agentVersion: row.agentVersion,
      address: row.address,
    }),
    ...given({ connectedAt: row.connectedAt, disconnectedAt: row.disconnectedAt, lastSeenAt: row.lastSeenAt }),
    ...given({ lastError: row.lastError, quarantine: row.quarantine, revokedAt: row.revokedAt }),
    ...given({ enrolledAt: row.enrolledAt, enrolledFrom: row.enrolledFrom }),
    clockSkewMs: row.clockSkewMs === null ? undefined : Number(row.clockSkewMs),
    protocol: row.protocol ?? undefined,
  };
}

function given<T extends Record<string, unknown>>(values: T): { [K in keyof T]: Exclude<T[K], null> | undefined } {
  const entries = Object.entries(values).map(([key, value]) => [key, value ?? undefined] as const);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], null> | undefined };
}
