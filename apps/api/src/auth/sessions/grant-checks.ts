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

/** Checks at once in one process; each may wait for the provider. */
const BATCH = 16;
/** Longer than a check can take, so that no other process asks with the same refresh token meanwhile. */
const LEASE_MS = 90_000;
/** After a provider did not answer. */
const AGAIN_MS = 30_000;

/** Asks providers again whether they still stand for those who signed in, and ends what they do not. */
export class GrantChecks {
  constructor(private readonly parts: GrantChecksParts) {}

  /** Checks what is due; answers how many. */
  async runDue(): Promise<number> {
    const { store, clock, settings } = this.parts;
    const until = new Date(clock.now().getTime() + LEASE_MS);
    const due = await store.withTenant(settings.organization, (tx) => tx.grants.takeDue(BATCH, until));
    await Promise.all(due.map((grant) => this.check(grant)));
    return due.length;
  }

  private async check(grant: GrantRecord): Promise<void> {
    const { store, settings, sealer, providers, log } = this.parts;
    const org = settings.organization;
    const account = await store.withTenant(org, (tx) => tx.accounts.get(grant.account));
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
        return this.doubt(grant, result.reason, { sealed: sealTokens(sealer, account.id, result.tokens) });
      case 'unreachable':
        log.warn({ provider: grant.provider, fault: result.reason }, 'an identity provider could not be asked');
        return this.doubt(grant, result.reason, {});
    }
  }

  /** Nobody knows now what the person may do: the grant counts on for a while, and is asked about again. */
  private doubt({ id }: GrantRecord, fault: string, more: { sealed?: string }): Promise<void> {
    return this.parts.store.withTenant(this.parts.settings.organization, (tx) =>
      tx.grants.unreachable(id, { fault, dueAt: this.in(AGAIN_MS), ...more }),
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
