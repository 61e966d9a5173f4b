import { createRemoteJWKSet, customFetch, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { boundedFetch } from './bounded-fetch.js';
import type { OidcProvider } from './oidc-provider.js';

/** What a provider says when somebody signed out there: one of its sessions, or everything of the person. */
export interface LogoutWord {
  issuer: string;
  providerSession: string | undefined;
  subject: string | undefined;
  issuedAt: Date;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const OLDEST = '5 minutes';
const CLOCK_TOLERANCE_SECONDS = 30;
/** What the header may call itself: tokens of other uses are no word about signing out, whatever they claim. */
const TYPES: ReadonlySet<string | undefined> = new Set([undefined, 'jwt', 'logout+jwt']);
/** Signatures by a key that the provider publishes; neither `none` nor secrets. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Checks logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6). */
export class LogoutTokens {
  private readonly keys = new Map<string, JWTVerifyGetKey>();

  /** Throws unless the token is one of this provider, for us, and fresh. */
  async verify(provider: OidcProvider, token: string): Promise<LogoutWord> {
    const metadata = (await provider.configuration()).serverMetadata();
    const options = {
      issuer: metadata.issuer,
      audience: provider.settings.clientId,
      algorithms: ALGORITHMS,
      maxTokenAge: OLDEST,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    };
    const { payload, protectedHeader } = await jwtVerify(token, this.keysOf(metadata.jwks_uri ?? ''), options);
    if (!TYPES.has(protectedHeader.typ?.toLowerCase())) throw new Error('the token is of another use');
    return wordOf(payload, metadata.issuer);
  }

  private keysOf(address: string): JWTVerifyGetKey {
    const known = this.keys.get(address);
    if (known !== undefined) return known;
    const made = createRemoteJWKSet(new URL(address), { [customFetch]: boundedFetch });
    this.keys.set(address, made);
    return made;
  }
}

function wordOf({ sub, sid, iat = 0, events, nonce }: JWTPayload, issuer: string): LogoutWord {
  const isLogout = typeof events === 'object' && events !== null && EVENT in events;
  if (!isLogout || nonce !== undefined) throw new Error('the token is no logout token');
  const providerSession = typeof sid === 'string' ? sid : undefined;
  if (providerSession === undefined && sub === undefined) throw new Error('the logout token names nobody');
  return { issuer, providerSession, subject: sub, issuedAt: new Date(iat * 1000) };
}
