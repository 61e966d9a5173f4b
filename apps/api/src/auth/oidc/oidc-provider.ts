import { compactVerify, decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import type { AccountClaims } from '@isthmus/store';
import type { ProviderSettings } from '../sign-in-settings.js';
import { accountClaims, groupsIn, type Claims } from './claims.js';
import { CLOCK_TOLERANCE_SECONDS, discover, type Discovered } from './discovery.js';
import { Kept } from './kept.js';
import { PATIENCE, within, type Patience } from './patience.js';
import { ProofError, proofLacking, proofRequested } from './proof.js';
import { COOL_DOWN_MS, type ProviderKeys } from './provider-keys.js';
import { verdictOf } from './verdict.js';

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
 * groups that it told at the sign-in. `unreachable`: nobody knows; `tokens` are those that it gave before it fell silent, if any.
 */
export type CheckOutcome =
  | { outcome: 'vouched'; claims: AccountClaims; tokens: ProviderTokens }
  | { outcome: 'silent'; reason: string; tokens: ProviderTokens }
  | { outcome: 'gone'; reason: string }
  | { outcome: 'unreachable'; reason: string; tokens: ProviderTokens };

/** Of whom a provider is asked, as it spoke of the person last. */
export interface AskedAbout {
  subject: string;
  groups: readonly string[];
}

/** The request of a browser that came back. */
export interface Returned {
  url: URL;
  state: string;
  nonce: string;
  verifier: string;
}

/** One OpenID provider: authorization code with PKCE, ID tokens checked by signature, and asked again and again. */
export class OidcProvider {
  readonly patience: Patience;
  private readonly now: () => number;
  private readonly discovered: Kept<Discovered>;

  constructor(
    readonly settings: ProviderSettings,
    private readonly redirectUri: string,
    { patience = PATIENCE, now = Date.now }: { patience?: Patience; now?: () => number } = {},
  ) {
    this.patience = patience;
    this.now = now;
    const times = { ...patience, now };
    this.discovered = new Kept(() => discover(settings, times), { ...times, maxAgeMs: patience.metadataMs });
  }

  /** Its issuer and keys. Throws when the provider does not answer; after a pause the next call tries again. */
  async published(): Promise<{ issuer: string; keys: ProviderKeys }> {
    const { metadata, keys } = await this.discovered.get();
    return { issuer: metadata.issuer, keys };
  }

  private async configuration(): Promise<oidc.Configuration> {
    return (await this.discovered.get()).config;
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
  exchange(returned: Returned): Promise<Vouched> {
    return within(this.patience.totalMs, () => this.changed(returned));
  }

  private async changed({ url, state, nonce, verifier }: Returned): Promise<Vouched> {
    const config = await this.configuration();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const answer = await oidc.authorizationCodeGrant(config, url, checks);
    const idToken = answer.claims();
    if (idToken === undefined) throw new Error('the provider sent no ID token');
    await this.requireSigned(answer.id_token ?? '');
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
  async check(tokens: ProviderTokens, account: AskedAbout): Promise<CheckOutcome> {
    const held = { tokens };
    try {
      return await within(this.patience.totalMs, () => this.ask(held, account));
    } catch (error) {
      return verdictOf(error, held.tokens);
    }
  }

  /** What is renewed is `held` at once: a refresh token counts once, and is lost with whatever fails after it otherwise. */
  private async ask(held: { tokens: ProviderTokens }, account: AskedAbout): Promise<CheckOutcome> {
    const config = await this.configuration();
    const { refreshToken } = held.tokens;
    const renewed = refreshToken === undefined ? undefined : await oidc.refreshTokenGrant(config, refreshToken);
    if (renewed !== undefined) held.tokens = { ...held.tokens, ...this.tokensOf(renewed, held.tokens) };
    const gone = renewed === undefined ? await this.accessTokenIsGone(config, held.tokens) : undefined;
    if (gone !== undefined) return { outcome: 'gone', reason: gone };
    const idToken = renewed?.claims();
    if (renewed?.id_token !== undefined) await this.requireSigned(renewed.id_token);
    if (idToken !== undefined && idToken.sub !== account.subject)
      return { outcome: 'gone', reason: 'the provider answered for somebody else' };
    const userinfo = await this.userinfo(config, held.tokens.accessToken, account.subject);
    return this.toldAgain({ idToken, userinfo }, held.tokens, account.groups);
  }

  /**
   * Throws unless a key that the provider publishes signed the ID token, by an algorithm that it names; although it came over TLS from
   * the provider itself. Both may have changed since they were fetched.
   */
  private async requireSigned(idToken: string): Promise<void> {
    const { alg = '' } = decodeProtectedHeader(idToken);
    const known = await this.discovered.get();
    const { algorithms, keys } = known.algorithms.includes(alg) ? known : await this.discovered.get(COOL_DOWN_MS);
    await keys.check((by) => compactVerify(idToken, by, { algorithms: [...algorithms] }));
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
    const config = await within(this.patience.signOutMs, () => this.configuration());
    if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
    const parameters = new URLSearchParams({ post_logout_redirect_uri: returnTo });
    if (idToken !== undefined) parameters.set('id_token_hint', idToken);
    return oidc.buildEndSessionUrl(config, parameters);
  }

  /** Tells the provider that the tokens are used no longer; what it answers changes nothing. */
  revoke({ refreshToken, accessToken }: ProviderTokens): Promise<void> {
    return within(this.patience.totalMs, async () => {
      const config = await this.configuration();
      if (config.serverMetadata().revocation_endpoint === undefined) return;
      await oidc.tokenRevocation(config, refreshToken ?? accessToken);
    });
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
