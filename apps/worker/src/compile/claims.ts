import { serviceKey, type LeavingClaim, type MemberKey } from '@isthmus/domain';
import type { TenantTx } from '@isthmus/store';
import type { Surroundings } from './catalog-draft.js';

type Service = Omit<MemberKey, 'host'>;

/** Services whose removal from the global namespace waits for a person. */
async function waitingIn(tx: Pick<TenantTx, 'holds'>, gns: string): Promise<Set<string>> {
  const [hold] = await tx.holds.list({ gns, cluster: '', kind: 'DRAIN' });
  const keys = (hold?.items ?? []).map((item) => /\/member\/(.+)$/.exec(item)?.[1]);
  return new Set(keys.filter((key) => key !== undefined));
}

/** Which of the services other global namespaces hold, by what name, and which of those are on their way out of there. */
export async function claimsOn(
  tx: Pick<TenantTx, 'members' | 'resources' | 'holds'>,
  gns: string,
  services: readonly Service[],
): Promise<Pick<Surroundings, 'claims' | 'leavingClaims'>> {
  const held = await tx.members.heldElsewhere(gns, services);
  const homes = [...new Set(held.map((item) => item.gns))];
  const names = new Map(
    (await tx.resources.byUids(homes)).map(({ uid, project, name }) => [uid, `${project}/${name}`]),
  );
  const waiting = new Map<string, Set<string>>();
  for (const home of homes) waiting.set(home, await waitingIn(tx, home));
  const claims = new Map<string, string>();
  const leavingClaims = new Map<string, LeavingClaim>();
  for (const item of held) {
    const key = serviceKey(item);
    claims.set(key, names.get(item.gns) ?? item.gns);
    if (item.state === 'draining') leavingClaims.set(key, 'DRAINING');
    else if (waiting.get(item.gns)?.has(key) === true) leavingClaims.set(key, 'HELD');
  }
  return { claims, leavingClaims };
}
