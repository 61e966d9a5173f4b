/** BROWSER: its secret is a cookie. CLI: its secret is a bearer token. */
export type UserSessionKind = 'BROWSER' | 'CLI';

/** A person's session; only SHA-256 of its secret is stored. */
export interface UserSessionRecord {
  id: string;
  kind: UserSessionKind;
  account: string;
  /** What the provider gave for it; undefined for the local door. */
  grant: string | undefined;
  /** What the person signed in with: browser or host, as it called itself. */
  device: string;
  ip: string;
  createdAt: Date;
  /** To the minute. */
  seenAt: Date;
  /** It ends when nothing was asked for so long. */
  idleMs: number;
  /** It ends then at the latest. */
  expiresAt: Date;
  endedAt: Date | undefined;
  endedReason: string | undefined;
}

export interface NewUserSession {
  hash: string;
  kind: UserSessionKind;
  account: string;
  grant: string | undefined;
  device: string;
  ip: string;
  idleMs: number;
  expiresAt: Date;
}

/** Which sessions are meant. */
export type SessionChoice = { id: string } | { account: string } | { grant: string };

export interface UserSessionRepository {
  create(session: NewUserSession): Promise<UserSessionRecord>;
  noteUse(id: string): Promise<void>;
  get(id: string): Promise<UserSessionRecord | undefined>;
  /** Live ones, newest first; of one person, or of all. */
  live(account?: string): Promise<UserSessionRecord[]>;
  /** Ends live ones; answers which. */
  end(choice: SessionChoice, reason: string): Promise<UserSessionRecord[]>;
  /** Forgets those that ended before; answers how many. */
  forget(before: Date): Promise<number>;
}

/** A sign-in at a provider that has begun. */
export interface SignInAttempt {
  stateHash: string;
  browserHash: string;
  provider: string;
  /** What the browser must not know until it is back: nonce and verifier of PKCE, sealed by the caller. */
  sealed: string;
  returnTo: string;
  expiresAt: Date;
}

export interface SignInAttemptRepository {
  begin(attempt: SignInAttempt): Promise<void>;
  /** Once and no more; undefined when unknown, taken, expired, or begun by another browser or at another provider. */
  take(key: Pick<SignInAttempt, 'stateHash' | 'browserHash' | 'provider'>): Promise<SignInAttempt | undefined>;
}

export type DeviceLoginState = 'PENDING' | 'APPROVED' | 'DENIED' | 'TAKEN';

/** A command line that waits for a person. */
export interface DeviceLoginRecord {
  id: string;
  device: string;
  ip: string;
  createdAt: Date;
  expiresAt: Date;
  state: DeviceLoginState;
  account: string | undefined;
  grant: string | undefined;
}

export type DevicePoll =
  | { outcome: 'pending' | 'slow' | 'denied' | 'expired' | 'unknown' }
  | { outcome: 'approved'; account: string; grant: string | undefined; device: string };

export interface DeviceLoginRepository {
  begin(login: { deviceHash: string; userHash: string; device: string; ip: string; expiresAt: Date }): Promise<void>;
  /** One that still waits. */
  waiting(userHash: string): Promise<DeviceLoginRecord | undefined>;
  /** Decides one that still waits; false: it does not. */
  decide(
    id: string,
    decision: { state: 'APPROVED' | 'DENIED'; account: string; grant: string | undefined },
  ): Promise<boolean>;
  /** An approved one is handed out once. Polls faster than `intervalMs` are told so. */
  poll(deviceHash: string, intervalMs: number): Promise<DevicePoll>;
}
