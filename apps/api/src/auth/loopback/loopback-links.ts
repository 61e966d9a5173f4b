import { hashToken } from '../api-token.js';
import { newSessionSecret } from '../sessions/session-secret.js';
import type { OpenedSession } from '../sessions/open-session.js';
import { SignInError } from '../sign-in-error.js';
import type { SignIn, Visitor } from '../sign-in.js';
import { WHOLE } from '../require-held.js';
import { heldUntil } from '../rights.js';
import { auditOf, type Viewer } from '../viewer.js';
import { LOOPBACK_PROVIDER } from './loopback-account.js';

const LIFE_MS = 10 * 60_000;

const NOBODY = { browserHash: '', sealed: '' };

/** Links that sign in once, on this machine: made by an Owner, kept as hashes, gone when they are used. */
export class LoopbackLinks {
  constructor(private readonly signIn: SignIn) {}

  /** Only an Owner makes one, since who uses it is an Owner, and only one for good, since its session does not end with the maker's right. */
  async make(viewer: Viewer | undefined): Promise<{ url: URL; expiresAt: Date }> {
    const { store, clock, settings } = this.signIn.parts;
    if (viewer === undefined || !isLastingOwner(viewer)) throw new SignInError('ISM0989', 'not asked for by an Owner');
    const secret = newSessionSecret();
    const expiresAt = new Date(clock.now().getTime() + LIFE_MS);
    const attempt = { ...NOBODY, stateHash: hashToken(secret), provider: LOOPBACK_PROVIDER, returnTo: '/console/' };
    await store.mutate(viewer.org, auditOf(viewer, 'createSignInLink'), async (tx) => {
      await tx.signInAttempts.begin({ ...attempt, expiresAt });
      await tx.record({ kind: 'SignInLink', id: attempt.stateHash.slice(0, 16), name: '', after: { expiresAt } });
    });
    const url = new URL('/auth/loopback', settings.publicUrl);
    url.searchParams.set('link', secret);
    return { url, expiresAt };
  }

  /** A session for whoever has the link; the link is gone. */
  async take(secret: string, visitor: Visitor): Promise<OpenedSession & { returnTo: string }> {
    const { store, settings } = this.signIn.parts;
    const org = settings.organization;
    const key = { stateHash: hashToken(secret), browserHash: NOBODY.browserHash, provider: LOOPBACK_PROVIDER };
    const attempt = await store.withTenant(org, (tx) => tx.signInAttempts.take(key));
    if (attempt === undefined) throw new SignInError('ISM0989', 'unknown, used or expired');
    const who = { provider: LOOPBACK_PROVIDER, issuer: LOOPBACK_PROVIDER, subject: 'administrator' };
    const claims = { name: 'Administrator of this machine', email: undefined, groups: [] };
    const account = await store.withTenant(org, (tx) => tx.accounts.signIn(who, claims));
    const opened = await this.signIn.letIn(account, visitor, () => Promise.resolve(undefined));
    return { ...opened, returnTo: attempt.returnTo };
  }
}

function isLastingOwner({ rights }: Viewer): boolean {
  const owning = 'breakGlass.manage';
  return rights.everywhere(owning) && heldUntil(rights, [owning], WHOLE) === undefined;
}
