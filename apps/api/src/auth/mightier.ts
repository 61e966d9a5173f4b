import type { AccountRecord, TenantReads, TenantTx } from '@isthmus/store';
import { rightsOfAccount } from './account-rights.js';
import type { Permission } from './permissions.js';
import type { Rights } from './rights.js';
import type { SignInSettings } from './sign-in-settings.js';

/** What decides, on the whole organization, who else may do what. */
const ADMINISTERING: readonly Permission[] = [
  'breakGlass.manage',
  'identity.manage',
  'roles.manage',
  'tokens.manage',
  'sessions.manage',
];

/**
 * What a person administers and somebody else does not, who then neither locks nor unlocks the person nor ends its sessions; undefined:
 * nothing. Whoever is locked counts as if it were not.
 */
export async function administersMore(
  tx: Pick<TenantReads, 'roleBindings' | 'customRoles' | 'localAdmins'>,
  account: AccountRecord,
  { rights, settings }: { rights: Rights; settings: SignInSettings },
): Promise<Permission | undefined> {
  const theirs = await rightsOfAccount(tx, { ...account, disabledAt: undefined }, settings);
  return ADMINISTERING.find((permission) => theirs.everywhere(permission) && !rights.everywhere(permission));
}

/** Who of some people administers more, by their ids: as `administersMore` tells of one, with the reads of one. */
export async function thoseWhoAdministerMore(
  tx: Pick<TenantTx, 'roleBindings' | 'customRoles' | 'localAdmins'>,
  accounts: readonly AccountRecord[],
  by: { rights: Rights; settings: SignInSettings; now: Date },
): Promise<ReadonlySet<string>> {
  const more = new Set<string>();
  if (ADMINISTERING.every((permission) => by.rights.everywhere(permission))) return more;
  const granted = await allThatIsGranted(tx, by.now);
  for (const account of accounts) if ((await administersMore(granted, account, by)) !== undefined) more.add(account.id);
  return more;
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
