import type { Context } from '../client/context.js';
import type { DeviceLogin } from '../generated/client.js';
import type { DeviceLoginRecord, DeviceLoginRepository, DeviceLoginState, DevicePoll } from '../types/user-sessions.js';

/** So long an expired one is still told apart from one that never was. */
const KEPT_MS = 60 * 60 * 1000;

export function deviceLoginRepository({ db, org, clock, ids }: Context): DeviceLoginRepository {
  return {
    begin: async (login) => {
      const now = clock.now();
      const forgotten = new Date(now.getTime() - KEPT_MS);
      await db.deviceLogin.deleteMany({ where: { orgId: org, expiresAt: { lt: forgotten } } });
      await db.deviceLogin.create({ data: { orgId: org, id: ids.uuid(), createdAt: now, ...login } });
    },
    waiting: async (userHash) => {
      const where = { orgId: org, userHash, state: 'PENDING', expiresAt: { gt: clock.now() } };
      const row = await db.deviceLogin.findFirst({ where });
      return row === null ? undefined : record(row);
    },
    decide: async (id, { state, account, grant }) => {
      const where = { orgId: org, id, state: 'PENDING', expiresAt: { gt: clock.now() } };
      const changed = await db.deviceLogin.updateMany({ where, data: { state, account, userGrant: grant ?? null } });
      return changed.count === 1;
    },
    poll: async (deviceHash, intervalMs) => {
      const row = await db.deviceLogin.findFirst({ where: { orgId: org, deviceHash } });
      if (row === null) return { outcome: 'unknown' };
      const now = clock.now();
      if (row.expiresAt <= now) return { outcome: 'expired' };
      const isFast = row.polledAt !== null && now.getTime() - row.polledAt.getTime() < intervalMs;
      await db.deviceLogin.updateMany({ where: { orgId: org, id: row.id }, data: { polledAt: now } });
      if (isFast) return { outcome: 'slow' };
      if (row.state !== 'APPROVED') return stateOf(row);
      const where = { orgId: org, id: row.id, state: 'APPROVED' };
      const taken = await db.deviceLogin.updateMany({ where, data: { state: 'TAKEN' } });
      if (taken.count !== 1 || row.account === null) return { outcome: 'unknown' };
      return { outcome: 'approved', account: row.account, grant: row.userGrant ?? undefined, device: row.device };
    },
  };
}

function stateOf({ state }: DeviceLogin): DevicePoll {
  if (state === 'PENDING') return { outcome: 'pending' };
  return { outcome: state === 'DENIED' ? 'denied' : 'unknown' };
}

function record(row: DeviceLogin): DeviceLoginRecord {
  const { id, device, ip, createdAt, expiresAt } = row;
  const state = row.state as DeviceLoginState; // a constraint of the table
  return {
    id,
    device,
    ip,
    createdAt,
    expiresAt,
    state,
    account: row.account ?? undefined,
    grant: row.userGrant ?? undefined,
  };
}
