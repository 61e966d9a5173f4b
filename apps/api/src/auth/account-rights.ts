import { type AccountRecord, LOCAL_PROVIDER, type ServiceAccountRecord, type TenantReads } from '@isthmus/store';
import { LOOPBACK_PROVIDER } from './loopback/loopback-account.js';
import { grantsFor, joined, NO_RIGHTS, rightsOf, type Rights, type Subject } from './rights.js';
import { isLoopback, type SignInSettings } from './sign-in-settings.js';

const ON_ORGANIZATION = { kind: 'ORGANIZATION' as const, name: '' };

/** A person as roles are granted to it. Names of groups begin with that of their provider: two providers never mean the same group. */
export function subjectOf({ id, provider, groups }: AccountRecord): Subject {
  return { kind: 'USER', id, groups: groups.map((group) => `${provider}:${group}`) };
}

/** What a person may do: by roles granted to the person and to groups, and by groups that the settings map. Nothing for who is locked. */
export async function rightsOfAccount(
  tx: Pick<TenantReads, 'roleBindings' | 'customRoles' | 'localAdmins'>,
  account: AccountRecord,
  settings: SignInSettings,
): Promise<Rights> {
  if (account.disabledAt !== undefined) return NO_RIGHTS;
  if (account.provider === LOCAL_PROVIDER) return rightsOfLocalAdmin(tx, account);
  if (account.provider === LOOPBACK_PROVIDER)
    return isLoopback(settings.publicUrl) ? rightsOf([{ role: 'Owner', scope: ON_ORGANIZATION }], []) : NO_RIGHTS;
  const provider = settings.providers.find(
    ({ name, issuer }) => name === account.provider && issuer === account.issuer,
  );
  if (provider === undefined) return NO_RIGHTS; // it is configured no longer
  const names = account.groups.flatMap((group) =>
    Object.hasOwn(provider.roles, group) ? [provider.roles[group] ?? ''] : [],
  );
  const mapped = [...new Set(names)].map((role) => ({ role, scope: ON_ORGANIZATION }));
  const customRoles = mapped.length === 0 ? [] : await tx.customRoles.list();
  return joined(rightsOf(mapped, customRoles), await grantsFor(tx, subjectOf(account)));
}

/** Everything, for as long as the door is open to this very name. */
async function rightsOfLocalAdmin(
  tx: Pick<TenantReads, 'localAdmins'>,
  { subject }: Pick<AccountRecord, 'subject'>,
): Promise<Rights> {
  const admin = await tx.localAdmins.get(subject);
  return admin === undefined ? NO_RIGHTS : rightsOf([{ role: 'Owner', scope: ON_ORGANIZATION }], []);
}

/** What a program may do. */
export async function rightsOfServiceAccount(
  tx: Pick<TenantReads, 'roleBindings' | 'customRoles'>,
  { id, role, disabledAt }: ServiceAccountRecord,
): Promise<Rights> {
  if (disabledAt !== undefined) return NO_RIGHTS;
  const own = role === '' ? NO_RIGHTS : rightsOf([{ role, scope: ON_ORGANIZATION }], await tx.customRoles.list());
  return joined(own, await grantsFor(tx, { kind: 'SERVICE_ACCOUNT', id, groups: [] }));
}

/** All roles of rights, once each. */
export function roleNames({ grants }: Rights): string {
  return [...new Set(grants.map(({ role }) => role))].join(', ');
}
