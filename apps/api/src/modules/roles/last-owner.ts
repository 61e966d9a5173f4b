import type { RoleBinding, SubjectRef, TenantTx, TokenRecord } from '@isthmus/store';
import { roleOfToken } from '../../auth/roles.js';
import { isLive } from '../../auth/token-standing.js';

type Reading = Pick<TenantTx, 'accounts' | 'roleBindings' | 'serviceAccounts' | 'tokens'>;

/**
 * True if somebody holds Owner on the whole organization for an unlimited time: a person who is not locked out, a service account that is
 * enabled, a group, or a token that was made with it, and by no other token, which would be there itself. A role that was granted to a token does not count, since the token may go at any time.
 */
export async function ownerStays(tx: Reading, now: Date): Promise<boolean> {
  for (const { subject } of (await tx.roleBindings.list()).filter(isLastingOwner))
    if (await isThere(tx, subject)) return true;
  return (await tx.tokens.list()).some((token) => isOwnerToken(token, now));
}

async function isThere(tx: Reading, { kind, id }: SubjectRef): Promise<boolean> {
  if (kind === 'GROUP') return true;
  const found = kind === 'USER' ? await tx.accounts.get(id) : await tx.serviceAccounts.get(id);
  return found !== undefined && found.disabledAt === undefined;
}

function isLastingOwner({ subject, role, scope, expiresAt }: RoleBinding): boolean {
  return role === 'Owner' && scope.kind === 'ORGANIZATION' && expiresAt === undefined && subject.kind !== 'TOKEN';
}

function isOwnerToken(token: TokenRecord, now: Date): boolean {
  return roleOfToken(token.role) === 'Owner' && token.parent === undefined && isLive(token, now);
}
