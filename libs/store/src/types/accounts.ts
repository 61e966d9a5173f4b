import type { TextSearch } from './text-search.js';

/** A person, as an identity provider (or the local door) told of them. */
export interface AccountRecord {
  id: string;
  /** Name of the provider in the configuration. */
  provider: string;
  issuer: string;
  /** The provider's own id of the person. */
  subject: string;
  name: string;
  email: string | undefined;
  /** Names of groups as the provider told them last. */
  groups: string[];
  createdAt: Date;
  signedInAt: Date;
  /** When the provider stood for the person last. */
  confirmedAt: Date;
  /** Set: the provider stands for the person no longer; the next sign-in clears it. */
  suspendedAt: Date | undefined;
  suspendedReason: string | undefined;
  /** Set: somebody here locked the person out. */
  disabledAt: Date | undefined;
  disabledBy: string | undefined;
}

/** What a provider says of a person. */
export interface AccountClaims {
  name: string;
  email: string | undefined;
  groups: readonly string[];
}

export interface AccountRepository {
  /** Makes or renews the account of a person who has just signed in; clears a suspension, never a lock. */
  signIn(
    identity: { provider: string; issuer: string; subject: string },
    claims: AccountClaims,
  ): Promise<AccountRecord>;
  get(id: string): Promise<AccountRecord | undefined>;
  /** Those of the ids that there are. */
  byIds(ids: readonly string[]): Promise<AccountRecord[]>;
  find(issuer: string, subject: string): Promise<AccountRecord | undefined>;
  list(): Promise<AccountRecord[]>;
  /** By name: the first ones with this text in name or address, whatever its case. */
  search(wanted: TextSearch): Promise<AccountRecord[]>;
  /** Groups that providers told of people, as `provider:group`, by name: the first ones with this text in it, whatever its case. */
  searchGroups(wanted: TextSearch): Promise<string[]>;
  /** The provider by which the person came in stands for it, and said this. False: the person came in by another one since. */
  confirm(account: Pick<AccountRecord, 'id' | 'provider'>, claims: AccountClaims): Promise<boolean>;
  /** The provider does not stand for the person any more. False: it was known. */
  suspend(id: string, reason: string): Promise<boolean>;
  disable(id: string, by: string): Promise<boolean>;
  enable(id: string): Promise<boolean>;
}

/** What a provider gave for a sign-in. */
export interface GrantRecord {
  id: string;
  account: string;
  provider: string;
  /** `sid` of the session at the provider. */
  providerSession: string | undefined;
  /** Tokens of the provider, sealed. */
  sealed: string;
  createdAt: Date;
  /** When the provider last answered for it. */
  checkedAt: Date;
  dueAt: Date;
  /** Why the provider could not be asked; undefined: it was. */
  fault: string | undefined;
}

export interface GrantRepository {
  create(input: {
    account: string;
    provider: string;
    providerSession: string | undefined;
    sealed: string;
    dueAt: Date;
  }): Promise<GrantRecord>;
  get(id: string): Promise<GrantRecord | undefined>;
  /** Those of the ids that there are. */
  byIds(ids: readonly string[]): Promise<GrantRecord[]>;
  ofAccount(account: string): Promise<GrantRecord[]>;
  ofProviderSession(provider: string, providerSession: string): Promise<GrantRecord[]>;
  /** Names of providers by which a check is due. */
  dueProviders(): Promise<string[]>;
  /** Takes grants of a provider whose check is due; they are due again at `until`, so that nobody else takes them meanwhile. */
  takeDue(of: { provider: string; limit: number; until: Date }): Promise<GrantRecord[]>;
  checked(id: string, result: { sealed: string; dueAt: Date }): Promise<void>;
  /** The provider could not be asked, or did not say enough; `sealed`: the tokens that count now. */
  unreachable(id: string, result: { fault: string; dueAt: Date; sealed: string }): Promise<void>;
  /** Has the other grants of a person checked at once. */
  hurry(account: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Grants that no live session uses any more; they are removed. */
  takeUnused(limit: number): Promise<GrantRecord[]>;
}
