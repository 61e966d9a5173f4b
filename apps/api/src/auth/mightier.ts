import type { AccountRecord, TenantReads } from '@isthmus/store';
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
