import { randomBytes } from 'node:crypto';
import type { DeviceLoginRecord } from '@isthmus/store';
import { hashToken } from '../api-token.js';
import type { Origin } from '../authenticator.js';
import { plain, type OpenedSession } from '../sessions/open-session.js';
import { auditOfVisitor, type SignIn, type Visitor } from '../sign-in.js';
import type { Viewer } from '../viewer.js';
import { newUserCode, userCodeOf } from './user-code.js';

/** Answers of RFC 8628, section 3.5, beside a token. */
export type DeviceError = 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' | 'invalid_grant';

const LIFE_MS = 10 * 60_000;
export const POLL_SECONDS = 5;
/** A client that keeps to the interval is not told to slow down by a timer that ends early. */
const SLACK_MS = 500;

/** Lets command lines in that somebody approves in a browser where he is signed in. */
export class DeviceLogins {
  constructor(private readonly signIn: SignIn) {}

  /** A command line asks; the device code is its secret, the user code is for the person. */
  async begin(visitor: Visitor): Promise<{ deviceCode: string; userCode: string; expiresInSeconds: number }> {
    const { store, clock, settings } = this.signIn.parts;
    const [deviceCode, userCode] = [randomBytes(32).toString('base64url'), newUserCode()];
    const expiresAt = new Date(clock.now().getTime() + LIFE_MS);
    const hashes = { deviceHash: hashToken(deviceCode), userHash: hashToken(userCode) };
    await store.withTenant(settings.organization, (tx) =>
      tx.deviceLogins.begin({ ...hashes, device: plain(visitor.device), ip: visitor.ip, expiresAt }),
    );
    return { deviceCode, userCode, expiresInSeconds: LIFE_MS / 1000 };
  }

  /** What waits under a code; undefined: nothing does. */
  async waiting(code: unknown): Promise<DeviceLoginRecord | undefined> {
    const { store, settings } = this.signIn.parts;
    const userCode = userCodeOf(code);
    if (userCode === undefined) return undefined;
    return store.withTenant(settings.organization, (tx) => tx.deviceLogins.waiting(hashToken(userCode)));
  }

  /** A signed-in person decides; false: nothing waits under the code any more. */
  async decide(viewer: Viewer, code: unknown, approve: boolean): Promise<boolean> {
    const { store, settings } = this.signIn.parts;
    const login = await this.waiting(code);
    const { account, sessionId } = viewer;
    if (login === undefined || account === undefined || sessionId === undefined) return false;
    const action = approve ? 'approveDevice' : 'denyDevice';
    return store.mutate(settings.organization, auditOfVisitor(account, action, viewer), async (tx) => {
      const grant = (await tx.userSessions.get(sessionId))?.grant;
      const state = approve ? ('APPROVED' as const) : ('DENIED' as const);
      if (!(await tx.deviceLogins.decide(login.id, { state, account: account.id, grant }))) return false;
      await tx.record({ kind: 'DeviceLogin', id: login.id, name: login.device, after: { ip: login.ip } });
      return true;
    });
  }

  /** The command line asks whether it was let in. */
  async poll(
    deviceCode: string,
    origin: Origin,
  ): Promise<(OpenedSession & { error?: undefined }) | { error: DeviceError }> {
    const { store, settings } = this.signIn.parts;
    const org = settings.organization;
    const hash = hashToken(deviceCode);
    const result = await store.withTenant(org, (tx) => tx.deviceLogins.poll(hash, POLL_SECONDS * 1000 - SLACK_MS));
    if (result.outcome !== 'approved') return { error: ERRORS[result.outcome] };
    const account = await store.withTenant(org, (tx) => tx.accounts.get(result.account));
    if (account === undefined) return { error: 'invalid_grant' };
    await this.signIn.requireAdmissible(account);
    const { grant, device } = result;
    return store.mutate(org, auditOfVisitor(account, 'signIn', origin), async (tx) => {
      // Locked, or gone at the provider, between approval and poll.
      if (grant !== undefined && (await tx.grants.get(grant)) === undefined) return { error: 'access_denied' as const };
      return this.signIn.open(tx, { kind: 'CLI', account, grant, device, ip: origin.ip, life: settings.cli });
    });
  }
}

const ERRORS = {
  pending: 'authorization_pending',
  slow: 'slow_down',
  denied: 'access_denied',
  expired: 'expired_token',
  unknown: 'invalid_grant',
} as const satisfies Record<string, DeviceError>;
