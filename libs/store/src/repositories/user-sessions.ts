import type { Context } from '../client/context.js';
import { table } from '../client/table.js';
import { Prisma, type UserSession } from '../generated/client.js';
import type {
  SessionChoice,
  UserSessionKind,
  UserSessionRecord,
  UserSessionRepository,
} from '../types/user-sessions.js';

const SEEN_NOTED_EVERY_MS = 60_000;

export function userSessionRepository({ db, org, clock, ids }: Context): UserSessionRepository {
  return {
    create: async ({ grant, idleMs, ...input }) => {
      const now = clock.now();
      const head = { orgId: org, id: ids.uuid(), createdAt: now, seenAt: now, idleMs: BigInt(idleMs) };
      return record(await db.userSession.create({ data: { ...input, ...head, userGrant: grant ?? null } }));
    },
    noteUse: async (id) => {
      await db.userSession.updateMany({ where: { orgId: org, id }, data: { seenAt: clock.now() } });
    },
    get: async (id) => {
      const row = await db.userSession.findFirst({ where: { orgId: org, id } });
      return row === null ? undefined : record(row);
    },
    live: async (account) => {
      const where = { orgId: org, endedAt: null, expiresAt: { gt: clock.now() }, ...(account && { account }) };
      const rows = await db.userSession.findMany({ where, orderBy: { id: 'desc' } });
      return rows.filter((row) => isLive(row, clock.now())).map(record);
    },
    end: async (choice, endedReason) => {
      const where = { orgId: org, endedAt: null, ...whereOf(choice) };
      const data = { endedAt: clock.now(), endedReason };
      const ended = (await db.userSession.updateManyAndReturn({ where, data })).map(record);
      // What the person let in and nobody took yet would be a session that nobody saw to end.
      const accounts = 'account' in choice ? [choice.account] : ended.map(({ account }) => account);
      const untaken = { orgId: org, account: { in: accounts }, state: 'APPROVED' };
      await db.deviceLogin.updateMany({ where: untaken, data: { state: 'DENIED' } });
      return ended;
    },
    forget: async (before) => {
      const where = { orgId: org, OR: [{ endedAt: { lt: before } }, { expiresAt: { lt: before } }] };
      return (await db.userSession.deleteMany({ where })).count;
    },
  };
}

/** Sessions of people by the hash of their secret. */
export const USER_SESSIONS = table<UserSession>('user_session', Prisma.UserSessionScalarFieldEnum, {
  dates: { createdAt: true, seenAt: true, expiresAt: true, endedAt: true },
  bigints: { idleMs: true },
});

/** The session of a row with whether its use is to be noted; undefined of one that ended, expired or was idle for too long. */
export function liveSession(
  row: UserSession | undefined,
  now: Date,
): { session: UserSessionRecord; isUseDue: boolean } | undefined {
  if (row === undefined || !isLive(row, now)) return undefined;
  return { session: record(row), isUseDue: now.getTime() - row.seenAt.getTime() >= SEEN_NOTED_EVERY_MS };
}

function isLive({ endedAt, expiresAt, seenAt, idleMs }: UserSession, now: Date): boolean {
  return endedAt === null && expiresAt > now && seenAt.getTime() + Number(idleMs) > now.getTime();
}

function whereOf(choice: SessionChoice) {
  return 'grant' in choice ? { userGrant: choice.grant } : choice;
}

function record(row: UserSession): UserSessionRecord {
  const { id, account, device, ip, createdAt, seenAt, expiresAt } = row;
  const kind = row.kind as UserSessionKind; // a constraint of the table
  const optional = { endedAt: row.endedAt ?? undefined, endedReason: row.endedReason ?? undefined };
  const grant = row.userGrant ?? undefined;
  return {
    id,
    kind,
    account,
    grant,
    device,
    ip,
    createdAt,
    seenAt,
    idleMs: Number(row.idleMs),
    expiresAt,
    ...optional,
  };
}
