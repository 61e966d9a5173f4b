import * as oidc from 'openid-client';
import type { AccountClaims } from '@isthmus/store';
import { isLoopback, type ProviderSettings } from '../sign-in-settings.js';
import { boundedFetch } from './bounded-fetch.js';
import { accountClaims, groupsIn, type Claims } from './claims.js';
import { ProofError, proofLacking, proofRequested } from './proof.js';

/** What a provider gave; kept sealed. */
export interface ProviderTokens {
  refreshToken: string | undefined;
  accessToken: string;
  /** Milliseconds since 1970; undefined: the provider does not say. */
  accessExpiresAt: number | undefined;
  idToken: string | undefined;
  /** Where the groups stood. */
  groupsFrom: 'id_token' | 'userinfo' | 'nowhere';
}

/** Somebody for whom the provider stands. */
export interface Vouched {
  issuer: string;
  subject: string;
  providerSession: string | undefined;
  claims: AccountClaims;
  tokens: ProviderTokens;
}

/**
 * `gone`: the provider answered, and does not stand for the person any more. `silent`: it stands for the person, but says nothing of the
 * groups that it told at the sign-in. `unreachable`: nobody knows.
 */
export type CheckOutcome =
  | { outcome: 'vouched'; claims: AccountClaims; tokens: ProviderTokens }
  | { outcome: 'silent'; reason: string; tokens: ProviderTokens }
  | { outcome: 'gone'; reason: string }
  | { outcome: 'unreachable'; reason: string };

/** The request of a browser that came back. */
export interface Returned {
  url: URL;
  state: string;
  nonce: string;
  verifier: string;
}

const TIMEOUT_SECONDS = 10;
const CLOCK_TOLERANCE_SECONDS = 30;
/** Metadata and keys of a provider change rarely; openid-client fetches keys that it does not know by itself. */
const DISCOVERED_FOR_MS = 60 * 60 * 1000;

/** One OpenID provider: authorization code with PKCE, ID tokens checked by signature, and asked again and again. */
export class OidcProvider {
  private discovered: { config: Promise<oidc.Configuration>; at: number } | undefined;

  constructor(
    readonly settings: ProviderSettings,
    private readonly redirectUri: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Throws when the provider does not answer; the next call tries again. */
  async configuration(): Promise<oidc.Configuration> {
    const known = this.discovered;
    if (known !== undefined && this.now() - known.at < DISCOVERED_FOR_MS) return known.config;
    const config = discover(this.settings);
    this.discovered = { config, at: this.now() };
    config.catch(() => (this.discovered = undefined));
    return config;
  }

  /** Where the browser is sent. */
  async authorizationUrl(request: { state: string; nonce: string; verifier: string }): Promise<URL> {
    const { scopes, parameters } = this.settings;
    return oidc.buildAuthorizationUrl(await this.configuration(), {
      ...parameters,
      ...proofRequested(this.settings.require),
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: scopes.join(' '),
      state: request.state,
      nonce: request.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(request.verifier),
      code_challenge_method: 'S256',
    });
  }

  /** Changes the code for tokens; throws if anything of the answer is not as it must be, a `ProofError` if it is but does not suffice. */
  async exchange({ url, state, nonce, verifier }: Returned): Promise<Vouched> {
    const config = await this.configuration();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const answer = await oidc.authorizationCodeGrant(config, url, checks);
    const idToken = answer.claims();
    if (idToken === undefined) throw new Error('the provider sent no ID token');
    const time = { now: this.now(), toleranceSeconds: CLOCK_TOLERANCE_SECONDS };
    const lacking = proofLacking(idToken, this.settings.require, time);
    if (lacking !== undefined) throw new ProofError(lacking);
    const userinfo = await this.userinfo(config, answer.access_token, idToken.sub);
    const { groups, groupsFrom } = this.groupsOf(idToken, userinfo);
    const session = idToken['sid'];
    return {
      issuer: idToken.iss,
      subject: idToken.sub,
      providerSession: typeof session === 'string' ? session : undefined,
      claims: accountClaims([idToken, userinfo], groups ?? []),
      tokens: { ...this.tokensOf(answer), groupsFrom },
    };
  }

  /**
   * Asks whether the provider still stands for the person: by the refresh token; without one by the access token, until that ends.
   * A client that the provider does not know any more says nothing about the person.
   */
  async check(tokens: ProviderTokens, account: { subject: string; groups: readonly string[] }): Promise<CheckOutcome> {
    try {
      return await this.ask(tokens, account);
    } catch (error) {
      return verdictOf(error);
    }
  }

  private async ask(
    tokens: ProviderTokens,
    account: { subject: string; groups: readonly string[] },
  ): Promise<CheckOutcome> {
    const config = await this.configuration();
    const renewed = tokens.refreshToken === undefined ? undefined : await refreshed(config, tokens.refreshToken);
    const gone = renewed === undefined ? await this.accessTokenIsGone(config, tokens) : undefined;
    if (gone !== undefined) return { outcome: 'gone', reason: gone };
    const idToken = renewed?.claims();
    if (idToken !== undefined && idToken.sub !== account.subject)
      return { outcome: 'gone', reason: 'the provider answered for somebody else' };
    const kept = renewed === undefined ? tokens : { ...tokens, ...this.tokensOf(renewed, tokens) };
    const userinfo = await this.userinfo(config, kept.accessToken, account.subject);
    return this.toldAgain({ idToken, userinfo }, kept, account.groups);
  }

  /** A provider that told groups in the ID token alone, and sends none when it renews, leaves open whether the person is still in them. */
  private toldAgain(
    { idToken, userinfo }: { idToken: Claims | undefined; userinfo: Claims },
    tokens: ProviderTokens,
    before: readonly string[],
  ): CheckOutcome {
    const { groups = [], groupsFrom } = this.groupsOf(idToken ?? {}, userinfo);
    const isSilent = idToken === undefined && groupsFrom === 'nowhere' && tokens.groupsFrom === 'id_token';
    if (isSilent && before.length > 0)
      return { outcome: 'silent', reason: 'the provider tells groups at the sign-in alone', tokens };
    const claims = accountClaims([idToken ?? {}, userinfo], groups);
    return { outcome: 'vouched', claims, tokens: isSilent ? tokens : { ...tokens, groupsFrom } };
  }

  /** Where the browser signs out at the provider; undefined if it cannot. */
  async endSessionUrl(idToken: string | undefined, returnTo: string): Promise<URL | undefined> {
    if (!this.settings.endProviderSession) return undefined;
    const config = await this.configuration();
    if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
    const parameters = new URLSearchParams({ post_logout_redirect_uri: returnTo });
    if (idToken !== undefined) parameters.set('id_token_hint', idToken);
    return oidc.buildEndSessionUrl(config, parameters);
  }

  /** Tells the provider that the tokens are used no longer; what it answers changes nothing. */
  async revoke({ refreshToken, accessToken }: ProviderTokens): Promise<void> {
    const config = await this.configuration();
    if (config.serverMetadata().revocation_endpoint === undefined) return;
    await oidc.tokenRevocation(config, refreshToken ?? accessToken);
  }

  private async userinfo(config: oidc.Configuration, accessToken: string, subject: string): Promise<Claims> {
    if (config.serverMetadata().userinfo_endpoint === undefined) return {};
    return oidc.fetchUserInfo(config, accessToken, subject);
  }

  private async accessTokenIsGone(config: oidc.Configuration, tokens: ProviderTokens): Promise<string | undefined> {
    const metadata = config.serverMetadata();
    if (tokens.accessExpiresAt !== undefined && tokens.accessExpiresAt <= this.now())
      return 'the provider gave no refresh token, and its access token has ended';
    if (metadata.introspection_endpoint !== undefined && this.settings.clientSecret !== undefined) {
      const { active } = await oidc.tokenIntrospection(config, tokens.accessToken);
      return active ? undefined : 'the provider says that the access token counts no longer';
    }
    return metadata.userinfo_endpoint === undefined ? 'the provider offers no way to ask again' : undefined;
  }

  private groupsOf(idToken: Claims, userinfo: Claims) {
    const { groupsClaim } = this.settings;
    const told = groupsIn(userinfo, groupsClaim);
    if (told !== undefined) return { groups: told, groupsFrom: 'userinfo' as const };
    const stated = groupsIn(idToken, groupsClaim);
    return { groups: stated, groupsFrom: stated === undefined ? ('nowhere' as const) : ('id_token' as const) };
  }

  private tokensOf(
    answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
    before?: ProviderTokens,
  ): Omit<ProviderTokens, 'groupsFrom'> {
    const seconds = answer.expiresIn();
    return {
      refreshToken: answer.refresh_token ?? before?.refreshToken,
      accessToken: answer.access_token,
      accessExpiresAt: seconds === undefined ? undefined : this.now() + seconds * 1000,
      idToken: answer.id_token ?? before?.idToken,
    };
  }
}

function discover(settings: ProviderSettings): Promise<oidc.Configuration> {
  const { issuer, clientId, clientSecret, clientAuthentication } = settings;
  const url = new URL(issuer);
  const authentication =
    clientSecret === undefined
      ? oidc.None()
      : clientAuthentication === 'post'
        ? oidc.ClientSecretPost(clientSecret)
        : oidc.ClientSecretBasic(clientSecret);
  // The signature of ID tokens is checked although they come over TLS from the provider itself.
  const execute = [oidc.enableNonRepudiationChecks];
  if (url.protocol === 'http:' && isLoopback(url)) execute.push(oidc.allowInsecureRequests);
  const metadata = { [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS };
  const options = { execute, timeout: TIMEOUT_SECONDS, [oidc.customFetch]: boundedFetch };
  return oidc.discovery(url, clientId, metadata, authentication, options);
}

const refreshed = (config: oidc.Configuration, token: string) => oidc.refreshTokenGrant(config, token);

/** Errors that are about the grant; all others are about the provider, the network or our client. */
const ABOUT_THE_GRANT: ReadonlySet<string> = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'access_denied',
]);

function verdictOf(error: unknown): CheckOutcome {
  if (error instanceof oidc.ResponseBodyError && ABOUT_THE_GRANT.has(error.error))
    return { outcome: 'gone', reason: `the provider refused to renew (${error.error})` };
  if (error instanceof oidc.WWWAuthenticateChallengeError && [401, 403].includes(error.status))
    return { outcome: 'gone', reason: `the provider refused the access token (${error.status})` };
  return { outcome: 'unreachable', reason: faultText(error) };
}

/** What went wrong, without anything that was sent: a code, or the kind of the error. */
export function faultText(error: unknown): string {
  if (error instanceof oidc.ResponseBodyError) return `${error.status} ${safe(error.error)}`;
  if (error instanceof oidc.AuthorizationResponseError) return safe(error.error);
  if (!(error instanceof Error)) return 'unknown';
  if (error.cause instanceof Error && !('code' in error)) return faultText(error.cause);
  return 'code' in error && typeof error.code === 'string' ? safe(error.code) : error.name;
}

function safe(text: string): string {
  return /^[A-Za-z0-9_.:-]{1,80}$/.test(text) ? text : 'unknown';
}
