import { jwtVerify, type JWTPayload } from 'jose';
import { CLOCK_TOLERANCE_SECONDS } from './discovery.js';
import type { OidcProvider } from './oidc-provider.js';
import { within } from './patience.js';
import { ALGORITHMS } from './provider-keys.js';

/** What a provider says when somebody signed out there: one of its sessions, or everything of the person. */
export interface LogoutWord {
  issuer: string;
  providerSession: string | undefined;
  subject: string | undefined;
  issuedAt: Date;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const OLDEST = '5 minutes';
/** What the header may call itself: tokens of other uses are no word about signing out, whatever they claim. */
const TYPES: ReadonlySet<string | undefined> = new Set([undefined, 'jwt', 'logout+jwt']);

/**
 * Checks a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6). Throws unless it is one of this provider, for us, and
 * fresh.
 */
export function verifyLogoutToken(provider: OidcProvider, token: string): Promise<LogoutWord> {
  return within(provider.patience.totalMs, async () => {
    const { issuer, keys } = await provider.published();
    const options = {
      issuer,
      audience: provider.settings.clientId,
      algorithms: [...ALGORITHMS],
      maxTokenAge: OLDEST,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    };
    const { payload, protectedHeader } = await keys.check((by) => jwtVerify(token, by, options));
    if (!TYPES.has(protectedHeader.typ?.toLowerCase())) throw new Error('the token is of another use');
    return wordOf(payload, issuer);
  });
}

function wordOf({ sub, sid, iat = 0, events, nonce }: JWTPayload, issuer: string): LogoutWord {
  const isLogout = typeof events === 'object' && events !== null && EVENT in events;
  if (!isLogout || nonce !== undefined) throw new Error('the token is no logout token');
  const providerSession = typeof sid === 'string' ? sid : undefined;
  if (providerSession === undefined && sub === undefined) throw new Error('the logout token names nobody');
  return { issuer, providerSession, subject: sub, issuedAt: new Date(iat * 1000) };
}
