import type { Clock, Logger } from '@isthmus/platform';
import type { AccountClaims, AccountRecord, GrantRecord, Store } from '@isthmus/store';
import type { OidcProvider } from '../oidc/oidc-provider.js';
import type { Sealer } from '../sealer.js';
import { openTokens, sealTokens } from '../sign-in.js';
import type { SignInSettings } from '../sign-in-settings.js';
import { endGrants } from './end-grants.js';

export interface GrantChecksParts {
  store: Store;
  clock: Clock;
  log: Logger;
  settings: SignInSettings;
  sealer: Sealer;
  providers: ReadonlyMap<string, OidcProvider>;
}

/** Checks of one provider at once in one process. At 15 s each, a thousand people are asked about in less than five minutes. */
const WIDTH = 64;
/** Longer than a check can take, so that no other process asks with the same refresh token meanwhile. */
const LEASE_MS = 90_000;
/** After a provider did not answer. */
const AGAIN_MS = 30_000;

/**
 * Asks providers again whether they still stand for those who signed in, and ends what they do not. Each provider has checks of its own:
 * one that is slow, or does not answer, keeps no other waiting.
 */
export class GrantChecks {
  /** By name of the provider. */
  private readonly running = new Map<string, Set<Promise<void>>>();

  constructor(private readonly parts: GrantChecksParts) {}

  /** Begins what is due and has a place. */
  async begin(): Promise<void> {
    const { store, clock, settings, log } = this.parts;
    const until = new Date(clock.now().getTime() + LEASE_MS);
    const due = await store.withTenant(settings.organization, async (tx) => {
      const taken: GrantRecord[] = [];
      for (const provider of await tx.grants.dueProviders()) {
        const limit = WIDTH - this.runningOf(provider).size;
        if (limit > 0) taken.push(...(await tx.grants.takeDue({ provider, limit, until })));
      }
      const accounts = await tx.accounts.byIds(taken.map(({ account }) => account));
      return taken.map((grant) => ({ grant, account: accounts.find(({ id }) => id === grant.account) }));
    });
    for (const { grant, account } of due) {
      const others = this.runningOf(grant.provider);
      const check: Promise<void> = this.check(grant, account)
        .catch((err: unknown) => log.warn({ err, provider: grant.provider }, 'a check failed; it is tried again'))
        .finally(() => others.delete(check));
      others.add(check);
    }
  }

  /** Resolves when what was begun is over. */
  async settled(): Promise<void> {
    await Promise.all([...this.running.values()].flatMap((checks) => [...checks]));
  }

  private runningOf(provider: string): Set<Promise<void>> {
    const checks = this.running.get(provider) ?? new Set();
    this.running.set(provider, checks);
    return checks;
  }

  private async check(grant: GrantRecord, account: AccountRecord | undefined): Promise<void> {
    const { sealer, providers, log } = this.parts;
    const provider = providers.get(grant.provider);
    const tokens = openTokens(sealer, grant.account, grant.sealed);
    if (account === undefined || provider === undefined || tokens === undefined)
      return this.end(
        grant,
        tokens === undefined ? 'its tokens cannot be opened' : 'the provider is configured no longer',
      );
    if (account.provider !== grant.provider) return this.end(grant, 'the person came in by another provider since');
    const result = await provider.check(tokens, account);
    switch (result.outcome) {
      case 'vouched':
        return this.keep(account, { ...grant, sealed: sealTokens(sealer, account.id, result.tokens) }, result.claims);
      case 'gone':
        return this.end(grant, result.reason);
      case 'silent':
        log.warn({ provider: grant.provider, fault: result.reason }, 'an identity provider did not tell groups again');
        return this.doubt(grant, result.reason, sealTokens(sealer, account.id, result.tokens));
      case 'unreachable':
        log.warn({ provider: grant.provider, fault: result.reason }, 'an identity provider could not be asked');
        return this.doubt(grant, result.reason, sealTokens(sealer, account.id, result.tokens));
    }
  }

  /** Nobody knows now what the person may do: the grant counts on for a while, and is asked about again. */
  private doubt({ id }: GrantRecord, fault: string, sealed: string): Promise<void> {
    return this.parts.store.withTenant(this.parts.settings.organization, (tx) =>
      tx.grants.unreachable(id, { fault, sealed, dueAt: this.in(AGAIN_MS) }),
    );
  }

  private async keep(account: AccountRecord, { id, sealed }: GrantRecord, claims: AccountClaims): Promise<void> {
    const { store, settings } = this.parts;
    const left = account.groups.filter((group) => !claims.groups.includes(group));
    const joined = claims.groups.filter((group) => !account.groups.includes(group));
    const audit = { actor: 'system:sign-in', action: 'changeGroups' };
    await store.mutate(settings.organization, audit, async (tx) => {
      await tx.grants.checked(id, { sealed, dueAt: this.in(settings.recheckMs) });
      const isConfirmed = await tx.accounts.confirm(account, claims);
      if (isConfirmed && left.length + joined.length > 0)
        await tx.record({ kind: 'Account', id: account.id, name: account.name, before: { left }, after: { joined } });
    });
  }

  private async end(grant: GrantRecord, reason: string): Promise<void> {
    const { store, settings, log } = this.parts;
    await store.mutate(settings.organization, { actor: 'system:sign-in', action: 'endSessions' }, async (tx) => {
      const { sessions, suspended } = await endGrants(tx, [grant], reason);
      const after = { reason, sessions: sessions.map(({ id }) => id), tokensStopped: suspended.length > 0 };
      await tx.record({ kind: 'Account', id: grant.account, name: '', after });
    });
    log.info({ account: grant.account, provider: grant.provider, reason }, 'sessions were ended');
  }

  private in(ms: number): Date {
    return new Date(this.parts.clock.now().getTime() + ms);
  }
}
