import type { Request, RequestHandler } from 'express';
import type { GrantRecord, TenantTx } from '@isthmus/store';
import { requestIdOf } from '../../server/request-id.js';
import { endGrants } from '../sessions/end-grants.js';
import type { SignIn } from '../sign-in.js';
import { verifyLogoutToken, type LogoutWord } from './logout-token.js';
import { faultText, isUnanswered } from './verdict.js';

/** Clocks of provider and API differ; sessions that began later than the word are not meant by it. */
const CLOCK_TOLERANCE_MS = 30_000;

/** `POST /auth/back-channel/<provider>`: the provider says that somebody signed out there. */
export function backChannel(signIn: SignIn): RequestHandler {
  return async (request: Request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    const body = request.body as Record<string, unknown> | undefined;
    const token = body?.['logout_token'];
    const name = String(request.params['provider']);
    const provider = signIn.providers.get(name);
    try {
      if (provider === undefined || typeof token !== 'string') throw new Error('no logout token');
      await end(signIn, name, await verifyLogoutToken(provider, token));
      response.status(200).end();
    } catch (error) {
      const ip = request.ip ?? '';
      signIn.parts.log.warn(
        { provider: name, fault: faultText(error), ip, requestId: requestIdOf(request) },
        'a logout token was refused',
      );
      const fault = isUnanswered(error) ? 'ISM0994' : 'ISM0991';
      signIn.refused.note({ org: signIn.settings.organization, fault, door: name, ip });
      response.status(400).json({ error: 'invalid_request' });
    }
  };
}

async function end(signIn: SignIn, provider: string, word: LogoutWord): Promise<void> {
  const { store, settings, log } = signIn.parts;
  const audit = { actor: `idp:${provider}`, action: 'endSessions' };
  const ended = await store.mutate(settings.organization, audit, async (tx) => {
    const grants = await meant(tx, provider, word);
    const { sessions, suspended } = await endGrants(tx, grants, 'the provider said that the person signed out');
    for (const account of new Set(grants.map((grant) => grant.account))) {
      const after = {
        sessions: sessions.filter((one) => one.account === account).map(({ id }) => id),
        tokensStopped: suspended.includes(account),
      };
      await tx.record({ kind: 'Account', id: account, name: '', after });
    }
    return sessions.length;
  });
  log.info({ provider, sessions: ended }, 'a provider signed somebody out');
}

/** Sign-ins of the session, of the person, or of both where the word names both; never what began after the word. */
async function meant(tx: TenantTx, provider: string, word: LogoutWord): Promise<GrantRecord[]> {
  const { issuer, subject, providerSession } = word;
  const account = subject === undefined ? undefined : await tx.accounts.find(issuer, subject);
  if (subject !== undefined && account === undefined) return [];
  const latest = word.issuedAt.getTime() + CLOCK_TOLERANCE_MS;
  const grants =
    providerSession === undefined
      ? await tx.grants.ofAccount(account?.id ?? '')
      : await tx.grants.ofProviderSession(provider, providerSession);
  return grants.filter(
    (grant) =>
      grant.provider === provider &&
      grant.account === (account?.id ?? grant.account) &&
      grant.createdAt.getTime() <= latest,
  );
}
