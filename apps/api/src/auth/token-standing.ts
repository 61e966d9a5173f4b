import type { AccountRecord, TenantReads, TokenRecord } from '@isthmus/store';
import { rightsOfAccount, rightsOfServiceAccount } from './account-rights.js';
import { grantsFor, joined, narrowed, NO_RIGHTS, rightsOf, type Rights } from './rights.js';
import { roleOfToken } from './roles.js';
import type { SignInSettings } from './sign-in-settings.js';

/** How people sign in, and what time it is: what decides whether an owner may come in. */
export interface StandingAt {
  settings: SignInSettings;
  now: Date;
}

/** Where owners are looked up: a transaction, or reads without one. */
type Owners = Pick<
  TenantReads,
  'roleBindings' | 'customRoles' | 'accounts' | 'serviceAccounts' | 'localAdmins' | 'tokens'
>;

/** Whom a token stands for. */
export interface TokenStanding {
  /** The person, of personal tokens. */
  account: AccountRecord | undefined;
  rights: Rights;
}

/**
 * What a live token may do now; undefined where its owner may not come in, or the token by which it was made counts no longer. A token
 * never has more than its owner has, and its role no more than its maker. `granted`: what is granted to the token by name, where that is
 * known already.
 */
export async function standingOfToken(
  tx: Owners,
  record: TokenRecord,
  at: StandingAt & { granted?: Rights },
): Promise<TokenStanding | undefined> {
  const { ownerKind, owner } = record;
  const rights = await rightsOfItsOwn(tx, record, at);
  if (rights === undefined) return undefined;
  switch (ownerKind) {
    case '':
      return { account: undefined, rights };
    case 'SERVICE_ACCOUNT': {
      const program = await tx.serviceAccounts.get(owner);
      const most = program === undefined ? NO_RIGHTS : await rightsOfServiceAccount(tx, program);
      return most.grants.length === 0 ? undefined : { account: undefined, rights: narrowed(rights, most) };
    }
    case 'USER': {
      const account = await tx.accounts.get(owner);
      if (account === undefined || !isConfirmed(account, at)) return undefined;
      const most = await rightsOfAccount(tx, account, at.settings);
      return most.grants.length === 0 ? undefined : { account, rights: narrowed(rights, most) };
    }
  }
}

/** What a token states and what is granted to it, whoever its owner is; undefined where its maker counts no longer. */
async function rightsOfItsOwn(
  tx: Owners,
  record: TokenRecord,
  at: StandingAt & { granted?: Rights },
): Promise<Rights | undefined> {
  const { id, role, ownerKind, scopeKind, scope } = record;
  // Tokens of the first releases carry one of three words; only owned ones name roles.
  const customRoles = ownerKind === '' ? [] : await tx.customRoles.list();
  const stated = rightsOf([{ role: roleOfToken(role), scope: { kind: scopeKind, name: scope } }], customRoles);
  const own = await withinMaker(tx, stated, { record, at });
  return own && joined(own, await grantedTo(id, tx, at.granted));
}

/** What the maker may do as well; undefined where it counts no longer: it is revoked, ended, or its own owner or maker may not come in. */
async function withinMaker(
  tx: Owners,
  stated: Rights,
  { record: { parent }, at: { settings, now } }: { record: TokenRecord; at: StandingAt },
): Promise<Rights | undefined> {
  if (parent === undefined) return stated;
  const maker = await tx.tokens.get(parent);
  if (maker === undefined || !isLive(maker, now)) return undefined;
  const standing = await standingOfToken(tx, maker, { settings, now });
  return standing && narrowed(stated, standing.rights);
}

/** True if a token is neither revoked nor over. */
export function isLive({ revokedAt, expiresAt }: TokenRecord, now: Date): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt > now);
}

/** True if a provider stood for the person not too long ago, and has not taken it back since. */
export function isConfirmed({ suspendedAt, confirmedAt }: AccountRecord, { settings, now }: StandingAt): boolean {
  return suspendedAt === undefined && now.getTime() - confirmedAt.getTime() < settings.standingMs;
}

async function grantedTo(id: string, tx: Owners, known: Rights | undefined): Promise<Rights> {
  return known ?? grantsFor(tx, { kind: 'TOKEN', id, groups: [] });
}
