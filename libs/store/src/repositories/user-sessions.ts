import type { Context } from '../client/context.js';
import type { UserSession } from '../generated/client.js';
import type {
  SessionChoice,
  UserSessionKind,
  UserSessionRecord,
  UserSessionRepository,
} from '../types/user-sessions.js';

const SEEN_NOTED_EVERY_MS = 60_000;

export function userSessionRepository({ db, org, clock, ids }: Context): UserSessionRepository {
  const isLive = (row: UserSession): boolean => {
    const now = clock.now().getTime();
    return row.endedAt === null && row.expiresAt.getTime() > now && row.seenAt.getTime() + Number(row.idleMs) > now;
  };
  return {
    create: async ({ grant, idleMs, ...input }) => {
      const now = clock.now();
      const head = { orgId: org, id: ids.uuid(), createdAt: now, seenAt: now, idleMs: BigInt(idleMs) };
      return record(await db.userSession.create({ data: { ...input, ...head, userGrant: grant ?? null } }));
    },
    authenticate: async (hash, touch) => {
      const row = await db.userSession.findFirst({ where: { orgId: org, hash } });
      if (row === null || !isLive(row)) return undefined;
      const now = clock.now();
      if (touch && now.getTime() - row.seenAt.getTime() >= SEEN_NOTED_EVERY_MS)
        await db.userSession.updateMany({ where: { orgId: org, id: row.id }, data: { seenAt: now } });
      return record(row);
    },
    get: async (id) => {
      const row = await db.userSession.findFirst({ where: { orgId: org, id } });
      return row === null ? undefined : record(row);
    },
    live: async (account) => {
      const where = { orgId: org, endedAt: null, expiresAt: { gt: clock.now() }, ...(account && { account }) };
      const rows = await db.userSession.findMany({ where, orderBy: { id: 'desc' } });
      return rows.filter(isLive).map(record);
    },
    end: async (choice, endedReason) => {
      const where = { orgId: org, endedAt: null, ...whereOf(choice) };
      const data = { endedAt: clock.now(), endedReason };
      return (await db.userSession.updateManyAndReturn({ where, data })).map(record);
    },
    forget: async (before) => {
      const where = { orgId: org, OR: [{ endedAt: { lt: before } }, { expiresAt: { lt: before } }] };
      return (await db.userSession.deleteMany({ where })).count;
    },
  };
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
