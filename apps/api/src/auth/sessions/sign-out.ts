import type { GrantRecord } from '@isthmus/store';
import { hashToken } from '../api-token.js';
import type { Origin } from '../authenticator.js';
import { faultText } from '../oidc/verdict.js';
import { auditOfVisitor, openTokens, type SignIn } from '../sign-in.js';

/** Ends the session of a secret; answers where the browser signs out at the provider, if it does. */
export async function signOut(signIn: SignIn, secret: string, origin: Origin): Promise<URL | undefined> {
  const grant = await endSession(signIn, secret, origin);
  return grant && endSessionUrl(signIn, grant);
}

/** Ends the session of a secret and waits for no provider; answers the grant that it lived by. */
export async function endSession(signIn: SignIn, secret: string, origin: Origin): Promise<GrantRecord | undefined> {
  const { store, settings } = signIn.parts;
  const org = settings.organization;
  const hash = hashToken(secret);
  const found = await store.secrets.session(hash);
  if (found?.org !== org) return undefined;
  const { session, grant } = found;
  await store.mutate(org, auditOfVisitor({ id: session.account }, 'signOut', origin), async (tx) => {
    const ended = await tx.userSessions.end({ id: session.id }, 'signed out');
    for (const { id } of ended) await tx.record({ kind: 'Session', id, name: session.device });
  });
  return grant;
}

async function endSessionUrl(signIn: SignIn, grant: GrantRecord): Promise<URL | undefined> {
  const { settings, sealer, log } = signIn.parts;
  const provider = signIn.providers.get(grant.provider);
  const idToken = openTokens(sealer, grant.account, grant.sealed)?.idToken;
  const returnTo = new URL('/auth/login', settings.publicUrl).href;
  return provider?.endSessionUrl(idToken, returnTo).catch((error: unknown) => {
    log.warn(
      { provider: grant.provider, fault: faultText(error) },
      'the identity provider could not be told of a sign-out',
    );
    return undefined;
  });
}
