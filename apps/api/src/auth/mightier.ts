import { LOCAL_PROVIDER, type AccountRecord, type TenantReads, type TenantTx } from '@isthmus/store';
import { rightsOfAccount } from './account-rights.js';
import type { Permission } from './permissions.js';
import type { SignInSettings } from './sign-in-settings.js';
import type { Viewer } from './viewer.js';

/** What decides, on the whole organization, who else may do what. */
const ADMINISTERING: readonly Permission[] = [
  'breakGlass.manage',
  'identity.manage',
  'roles.manage',
  'tokens.manage',
  'sessions.manage',
];

/**
 * What each of some people administers and the caller does not, by their ids. The caller neither locks nor unlocks them nor ends their
 * sessions; itself it may always. Whoever is locked counts as if it were not; the local administrator is an Owner's matter, open or shut.
 */
export async function whatIsAbove(
  tx: Pick<TenantTx, 'roleBindings' | 'customRoles' | 'localAdmins'>,
  accounts: readonly AccountRecord[],
  { viewer: { rights, account: own }, settings, now }: { viewer: Viewer; settings: SignInSettings; now: Date },
): Promise<ReadonlyMap<string, Permission>> {
  const above = new Map<string, Permission>();
  const missing = ADMINISTERING.filter((permission) => !rights.everywhere(permission));
  const others = accounts.filter(({ id }) => id !== own?.id);
  if (missing.length === 0 || others.length === 0) return above;
  const granted = await allThatIsGranted(tx, now);
  for (const account of others) {
    const theirs = await rightsOfAccount(granted, { ...account, disabledAt: undefined }, settings);
    const isLocal = account.provider === LOCAL_PROVIDER;
    const more = missing.find((one) => theirs.everywhere(one) || (isLocal && one === 'breakGlass.manage'));
    if (more !== undefined) above.set(account.id, more);
  }
  return above;
}

/** What is granted to anybody, read at once. Of cluster groups it does not know the clusters: they are not the whole organization. */
async function allThatIsGranted(
  tx: Pick<TenantTx, 'roleBindings' | 'customRoles' | 'localAdmins'>,
  now: Date,
): Promise<Pick<TenantReads, 'roleBindings' | 'customRoles' | 'localAdmins'>> {
  const customRoles = await tx.customRoles.list();
  const bindings = (await tx.roleBindings.list()).filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  return {
    localAdmins: tx.localAdmins,
    customRoles: { list: () => Promise.resolve(customRoles) },
    roleBindings: {
      accessOf: ({ kind, id }, groups) => {
        const mine = bindings.filter(({ subject }) =>
          subject.kind === 'GROUP' ? groups.includes(subject.id) : subject.kind === kind && subject.id === id,
        );
        return Promise.resolve({ bindings: mine, customRoles, clusterGroups: [] });
      },
    },
  };
}
