import type { GrantRecord, TenantTx, UserSessionRecord } from '@isthmus/store';

/**
 * The provider stands for a grant no longer: its sessions end at once. The other grants of the person are asked about right away;
 * where none is left, the person's own tokens stop as well, until the next sign-in.
 */
export async function endGrants(
  tx: TenantTx,
  grants: readonly GrantRecord[],
  reason: string,
): Promise<{ sessions: UserSessionRecord[]; suspended: string[] }> {
  const sessions: UserSessionRecord[] = [];
  for (const { id } of grants) {
    sessions.push(...(await tx.userSessions.end({ grant: id }, reason)));
    await tx.grants.remove(id);
  }
  const suspended: string[] = [];
  for (const account of new Set(grants.map((grant) => grant.account))) {
    const left = await tx.grants.ofAccount(account);
    if (left.length > 0) await tx.grants.hurry(account);
    else if (await tx.accounts.suspend(account, reason)) suspended.push(account);
  }
  return { sessions, suspended };
}
