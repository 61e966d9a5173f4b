import type { Clock } from '@isthmus/platform';
import type { FoundSession, Store } from '@isthmus/store';
import { rightsOfAccount, roleNames, subjectOf } from './account-rights.js';
import { bearerToken, hashToken } from './api-token.js';
import { NO_RIGHTS, rightsOfAccess, type Subject } from './rights.js';
import { isSessionSecret } from './sessions/session-secret.js';
import type { SignInSettings } from './sign-in-settings.js';
import { standingOfToken } from './token-standing.js';
import type { Viewer } from './viewer.js';

/** Where a request or socket came from. */
export interface Origin {
  requestId: string;
  ip: string;
}

/** What a caller shows. */
export interface Credentials {
  /** An Authorization header. */
  authorization: unknown;
  /** The secret of a browser's session, where the request proved to come from a page of this very origin. */
  cookie?: string;
}

export interface AuthenticatorParts {
  store: Store;
  clock: Clock;
  settings: SignInSettings;
}

/** Whom a credential stands for, as far as the store knows. */
type Standing = Omit<Viewer, keyof Origin>;

/** Turns credentials into a viewer, from the store each time: what is revoked, locked or ended stops at once. */
export class Authenticator {
  constructor(private readonly parts: AuthenticatorParts) {}

  /**
   * Undefined: no credential, not ours, unknown, expired, ended, revoked, or of somebody who may not come in any more; the caller is
   * not told which. `isWatch`: an open stream looks again, which counts as no use.
   */
  async authenticate(credentials: Credentials, origin: Origin, isWatch = false): Promise<Viewer | undefined> {
    const found = await this.find(credentials, !isWatch);
    return found && { ...found, ...origin };
  }

  private async find({ authorization, cookie }: Credentials, touch: boolean): Promise<Standing | undefined> {
    const token = bearerToken(authorization);
    if (token !== undefined && !isSessionSecret(token)) return this.byToken(hashToken(token), touch);
    if (token !== undefined) return this.bySession({ hash: hashToken(token), kind: 'CLI' }, touch);
    // A request that names a header is not let in by a cookie beside it.
    if (authorization !== undefined || cookie === undefined) return undefined;
    return this.bySession({ hash: hashToken(cookie), kind: 'BROWSER' }, touch);
  }

  private async byToken(hash: string, touch: boolean): Promise<Standing | undefined> {
    const { store, settings, clock } = this.parts;
    const found = await store.secrets.token(hash);
    if (found === undefined) return undefined;
    const { org, token, access, isUseDue } = found;
    if (touch && isUseDue) await store.withTenant(org, (tx) => tx.tokens.noteUse(token.id));
    const granted = rightsOfAccess(access);
    const standing = await standingOfToken(store.reads(org), token, { settings, now: clock.now(), granted });
    const { id: tokenId, name: tokenName, role } = token;
    const subject: Subject = { kind: 'TOKEN', id: tokenId, groups: [] };
    const who = { org, actor: `token:${tokenId}`, tokenId, tokenName, sessionId: undefined, subject, role };
    return standing && { ...who, ...standing };
  }

  private async bySession(
    { hash, kind }: { hash: string; kind: 'BROWSER' | 'CLI' },
    touch: boolean,
  ): Promise<Standing | undefined> {
    const { store, settings } = this.parts;
    const found = await store.secrets.session(hash);
    if (found?.session.kind !== kind || !this.isVouchedFor(found)) return undefined;
    const { org, session, account, isUseDue } = found;
    if (touch && isUseDue) await store.withTenant(org, (tx) => tx.userSessions.noteUse(session.id));
    const rights = account === undefined ? NO_RIGHTS : await rightsOfAccount(store.reads(org), account, settings);
    if (account === undefined || rights.grants.length === 0) return undefined;
    const none = { tokenId: undefined, tokenName: '' };
    const who = { actor: `user:${account.id}`, subject: subjectOf(account), account, sessionId: session.id };
    return { org, ...who, ...none, rights, role: roleNames(rights) };
  }

  /**
   * A provider that has not answered for too long stands for nobody, nor does one for somebody who came in by another since: roles and
   * groups are those of that one. Sessions of the local door have none.
   */
  private isVouchedFor({ session, grant, account }: FoundSession): boolean {
    if (session.grant === undefined) return true;
    if (grant === undefined || grant.provider !== account?.provider) return false;
    return this.ageMs(grant.checkedAt) < this.parts.settings.unreachableMs;
  }

  private ageMs(at: Date): number {
    return this.parts.clock.now().getTime() - at.getTime();
  }
}
