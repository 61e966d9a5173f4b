import * as oidc from 'openid-client';
import type { Clock, Logger } from '@isthmus/platform';
import type { AccountRecord, AuditInfo, MutationTx, Store } from '@isthmus/store';
import { hashToken } from './api-token.js';
import { rightsOfAccount } from './account-rights.js';
import type { Origin } from './authenticator.js';
import { LocalDoor } from './local/local-door.js';
import { OidcProvider, type ProviderTokens, type Vouched } from './oidc/oidc-provider.js';
import { PATIENCE, type Patience } from './oidc/patience.js';
import { ProofError } from './oidc/proof.js';
import { faultText, isUnanswered } from './oidc/verdict.js';
import { RefusedSignIns } from './refused-sign-ins.js';
import type { Sealer } from './sealer.js';
import { openSession, type NewSession, type OpenedSession } from './sessions/open-session.js';
import { SignInError } from './sign-in-error.js';
import type { SignInSettings } from './sign-in-settings.js';

export interface SignInParts {
  store: Store;
  clock: Clock;
  log: Logger;
  settings: SignInSettings;
  sealer: Sealer;
  /** With providers; as usual if nothing is said. */
  patience?: Patience;
}

/** A browser: where it calls from, and what it calls itself. */
export interface Visitor extends Origin {
  device: string;
}

const ATTEMPT_MS = 10 * 60_000;

/** Signs people in: through identity providers, and through the local door where it is open. */
export class SignIn {
  readonly providers: ReadonlyMap<string, OidcProvider>;
  readonly refused: RefusedSignIns;
  readonly local: LocalDoor;

  constructor(readonly parts: SignInParts) {
    const { settings, store, log, clock, patience = PATIENCE } = parts;
    const times = { patience, now: () => clock.now().getTime() };
    const made = settings.providers.map(
      (one) => new OidcProvider(one, callbackUrl(settings.publicUrl, one.name).href, times),
    );
    this.providers = new Map(made.map((provider) => [provider.settings.name, provider]));
    this.refused = new RefusedSignIns(store, log);
    this.local = new LocalDoor(this);
  }

  get settings(): SignInSettings {
    return this.parts.settings;
  }

  providerNamed(name: string): OidcProvider {
    const provider = this.providers.get(name);
    if (provider === undefined) throw new SignInError('ISM0998');
    return provider;
  }

  /** Where to send the browser; `browser` is the secret of its cookie, to which the sign-in is bound. */
  async begin(name: string, { browser, returnTo }: { browser: string; returnTo: string }): Promise<URL> {
    const provider = this.providerNamed(name);
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const url = await provider.authorizationUrl({ state, nonce, verifier }).catch((error: unknown) => {
      throw new SignInError('ISM0994', faultText(error));
    });
    const expiresAt = new Date(this.parts.clock.now().getTime() + ATTEMPT_MS);
    const stateHash = hashToken(state);
    const sealed = this.parts.sealer.seal(JSON.stringify({ nonce, verifier }), `sign-in ${stateHash}`);
    const attempt = { stateHash, browserHash: hashToken(browser), provider: name, sealed };
    await this.parts.store.withTenant(this.settings.organization, (tx) =>
      tx.signInAttempts.begin({ ...attempt, returnTo, expiresAt }),
    );
    return url;
  }

  /** The browser came back from a provider: who it is, and where it wanted to go. */
  async complete(
    name: string,
    returned: { browser: string; query: URLSearchParams },
    visitor: Visitor,
  ): Promise<OpenedSession & { returnTo: string }> {
    const provider = this.providerNamed(name);
    const state = returned.query.get('state') ?? '';
    const key = { stateHash: hashToken(state), browserHash: hashToken(returned.browser), provider: name };
    const attempt = await this.parts.store.withTenant(this.settings.organization, (tx) => tx.signInAttempts.take(key));
    const opened = attempt && this.parts.sealer.open(attempt.sealed, `sign-in ${attempt.stateHash}`);
    if (attempt === undefined || opened === undefined) throw new SignInError('ISM0990');
    const url = callbackUrl(this.settings.publicUrl, name);
    url.search = returned.query.toString();
    const { nonce, verifier } = JSON.parse(opened) as { nonce: string; verifier: string };
    const vouched = await provider.exchange({ url, state, nonce, verifier }).catch((error: unknown) => {
      if (error instanceof ProofError) throw new SignInError('ISM0578', error.lacking);
      throw new SignInError(isUnanswered(error) ? 'ISM0994' : 'ISM0991', faultText(error));
    });
    return { ...(await this.admit(name, vouched, visitor)), returnTo: attempt.returnTo };
  }

  /** Opens a session for somebody for whom a provider stands. */
  private async admit(provider: string, vouched: Vouched, visitor: Visitor): Promise<OpenedSession> {
    const { store, clock, sealer } = this.parts;
    const { issuer, subject, claims, providerSession, tokens } = vouched;
    const org = this.settings.organization;
    const account = await store.withTenant(org, (tx) => tx.accounts.signIn({ provider, issuer, subject }, claims));
    const dueAt = new Date(clock.now().getTime() + this.settings.recheckMs);
    return this.letIn(account, visitor, async (tx) => {
      const sealed = sealTokens(sealer, account.id, tokens);
      return (await tx.grants.create({ account: account.id, provider, providerSession, sealed, dueAt })).id;
    });
  }

  /** Opens a session of a browser. `first` is done in the same transaction, and names the provider's grant if there is one. */
  async letIn(
    account: AccountRecord,
    visitor: Visitor,
    first: (tx: MutationTx) => Promise<string | undefined>,
  ): Promise<OpenedSession> {
    await this.requireAdmissible(account);
    const { store, settings } = this.parts;
    const { ip, device } = visitor;
    return store.mutate(settings.organization, auditOfVisitor(account, 'signIn', visitor), async (tx) => {
      const grant = await first(tx);
      return this.open(tx, { kind: 'BROWSER', account, grant, device, ip, life: settings.browser });
    });
  }

  /** Opens a session, and writes it to the audit log. */
  async open(tx: MutationTx, wanted: NewSession): Promise<OpenedSession> {
    const opened = await openSession(tx, this.parts.clock, wanted);
    const { account, kind, device } = wanted;
    const after = { kind, provider: account.provider, device, expiresAt: opened.session.expiresAt };
    await tx.record({ kind: 'Session', id: opened.session.id, name: account.name, after });
    return opened;
  }

  /** Throws where an account must not be let in. */
  async requireAdmissible(account: AccountRecord): Promise<void> {
    if (account.disabledAt !== undefined) throw new SignInError('ISM0993');
    const { store, settings } = this.parts;
    const rights = await store.withTenant(settings.organization, (tx) => rightsOfAccount(tx, account, settings));
    if (rights.grants.length === 0) throw new SignInError('ISM0992');
  }
}

/** Where providers send browsers back to; each has its own address, so that an answer of one is never taken for one of another. */
export function callbackUrl(publicUrl: URL, provider: string): URL {
  return new URL(`/auth/callback/${provider}`, publicUrl);
}

/** Who signs in or out, for the audit log. */
export function auditOfVisitor({ id }: Pick<AccountRecord, 'id'>, action: string, origin: Origin): AuditInfo {
  return { actor: `user:${id}`, action, requestId: origin.requestId, ip: origin.ip };
}

/** Tokens of a provider, bound to the account that they are for. */
export function sealTokens(sealer: Sealer, account: string, tokens: ProviderTokens): string {
  return sealer.seal(JSON.stringify(tokens), `grant ${account}`);
}

/** What was sealed; undefined if the key is another one now. */
export function openTokens(sealer: Sealer, account: string, sealed: string): ProviderTokens | undefined {
  const text = sealer.open(sealed, `grant ${account}`);
  return text === undefined ? undefined : (JSON.parse(text) as ProviderTokens);
}
