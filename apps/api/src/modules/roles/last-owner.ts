import type { RoleBinding, TenantTx, TokenRecord } from '@isthmus/store';
import { roleOfToken } from '../../auth/roles.js';

/**
 * True if somebody holds Owner on the whole organization for an unlimited time: a person, group or service account, or a token that was
 * made with it. A role that was granted to a token does not count, since the token may go at any time.
 */
export async function ownerStays(tx: Pick<TenantTx, 'roleBindings' | 'tokens'>, now: Date): Promise<boolean> {
  if ((await tx.roleBindings.list()).some(isLastingOwner)) return true;
  return (await tx.tokens.list()).some((token) => isOwnerToken(token, now));
}

function isLastingOwner({ subject, role, scope, expiresAt }: RoleBinding): boolean {
  return role === 'Owner' && scope.kind === 'ORGANIZATION' && expiresAt === undefined && subject.kind !== 'TOKEN';
}

function isOwnerToken({ role, revokedAt, expiresAt }: TokenRecord, now: Date): boolean {
  return roleOfToken(role) === 'Owner' && revokedAt === undefined && (expiresAt === undefined || expiresAt > now);
}
