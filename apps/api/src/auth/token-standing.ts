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
type Owners = Pick<TenantReads, 'roleBindings' | 'customRoles' | 'accounts' | 'serviceAccounts' | 'localAdmins'>;

/** Whom a token stands for. */
export interface TokenStanding {
  /** The person, of personal tokens. */
  account: AccountRecord | undefined;
  rights: Rights;
}

/**
 * What a live token may do now; undefined where its owner may not come in. A token never has more than its owner has. `granted`: what is
 * granted to the token by name, where that is known already.
 */
export async function standingOfToken(
  tx: Owners,
  record: TokenRecord,
  at: StandingAt & { granted?: Rights },
): Promise<TokenStanding | undefined> {
  const { id, role, ownerKind, owner, scopeKind, scope } = record;
  // Tokens of the first releases carry one of three words; only owned ones name roles.
  const customRoles = ownerKind === '' ? [] : await tx.customRoles.list();
  const own = rightsOf([{ role: roleOfToken(role), scope: { kind: scopeKind, name: scope } }], customRoles);
  const rights = joined(own, await grantedTo(id, tx, at.granted));
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

/** True if a provider stood for the person not too long ago, and has not taken it back since. */
export function isConfirmed({ suspendedAt, confirmedAt }: AccountRecord, { settings, now }: StandingAt): boolean {
  return suspendedAt === undefined && now.getTime() - confirmedAt.getTime() < settings.standingMs;
}

async function grantedTo(id: string, tx: Owners, known: Rights | undefined): Promise<Rights> {
  return known ?? grantsFor(tx, { kind: 'TOKEN', id, groups: [] });
}
