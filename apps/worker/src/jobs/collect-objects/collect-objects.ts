import { EMPTY_ROOT, reachableNodes, type Hash } from '@isthmus/domain';
import type { TenantTx } from '@isthmus/store';
import { nodeReader } from '../../compile/read-nodes.js';
import type { JobContext } from '../job-context.js';

/** Nobody touched an object for that long: what is being published or read now is younger. */
const REST_MS = 24 * 3_600_000;
const BATCH = 1_000;

/** Live roots, and those among them whose trees have to be whole: what is in force. */
async function rootsOf(tx: TenantTx): Promise<{ live: Hash[]; inForce: Set<Hash> }> {
  const heads = await tx.heads.list();
  const roots = heads.flatMap(({ policyRoot, catalogRoot }) => [policyRoot ?? EMPTY_ROOT, catalogRoot ?? EMPTY_ROOT]);
  const live = new Set([...(await tx.targets.liveRoots()), ...roots]);
  live.delete(EMPTY_ROOT);
  return { live: [...live], inForce: new Set(roots.filter((root) => root !== EMPTY_ROOT)) };
}

/**
 * Drops objects that no tree in use leads to and that nobody touched for a day; answers how many. Trees in force, the revision
 * before them, and what clusters hold or are about to get are never collected. A publication that runs meanwhile is safe: it
 * shares nodes with the tree in force, and touches every other one that it needs, which is looked at again as it is dropped.
 */
export async function collectObjects({ store }: Pick<JobContext, 'store'>, org: string): Promise<number> {
  const before = await store.withTenant(org, async (tx) => new Date((await tx.now()).getTime() - REST_MS));
  const page = (after?: Hash): Promise<Hash[]> =>
    store.withTenant(org, (tx) => tx.objects.untouchedSince(before, { limit: BATCH, after }));
  let hashes = await page();
  if (hashes.length === 0) return 0;
  const { live, inForce } = await store.withTenant(org, rootsOf, { isolation: 'REPEATABLE_READ' });
  const read = nodeReader(store, org);
  const whole = await reachableNodes([...inForce], read);
  if (whole.unread.size > 0)
    throw new Error(`${whole.unread.size} nodes of trees in force cannot be read; nothing is collected`);
  const others = await reachableNodes(
    live.filter((root) => !inForce.has(root)),
    read,
  );
  let collected = 0;
  while (hashes.length > 0) {
    const unreachable = hashes.filter((hash) => !whole.hashes.has(hash) && !others.hashes.has(hash));
    if (unreachable.length > 0)
      collected += await store.withTenant(org, (tx) => tx.objects.collect(unreachable, before));
    hashes = hashes.length < BATCH ? [] : await page(hashes.at(-1));
  }
  return collected;
}
