import type { AccountRecord, TenantTx, UserSessionKind, UserSessionRecord } from '@isthmus/store';
import { hashToken } from '../api-token.js';
import type { Clock } from '@isthmus/platform';
import { newSessionSecret } from './session-secret.js';

export interface NewSession {
  kind: UserSessionKind;
  account: AccountRecord;
  grant: string | undefined;
  device: string;
  ip: string;
  life: { idleMs: number; lifeMs: number };
}

export interface OpenedSession {
  session: UserSessionRecord;
  /** Given away this once. */
  secret: string;
}

/** Every sign-in makes a new secret; none that was there before is taken over. */
export async function openSession(tx: TenantTx, clock: Clock, wanted: NewSession): Promise<OpenedSession> {
  const { kind, account, grant, device, ip, life } = wanted;
  const secret = newSessionSecret();
  const expiresAt = new Date(clock.now().getTime() + life.lifeMs);
  const head = { hash: hashToken(secret), kind, account: account.id, grant, device: plain(device), ip };
  return { secret, session: await tx.userSessions.create({ ...head, idleMs: life.idleMs, expiresAt }) };
}

const LONGEST_DEVICE = 200;

/** What a browser or host calls itself, for lists. */
export function plain(device: string): string {
  return device.replaceAll(/\p{C}/gu, '').trim().slice(0, LONGEST_DEVICE);
}
