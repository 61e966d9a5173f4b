import type { ClusterInventory } from '@isthmus/domain';
import type { ResourceRecord, TenantTx } from '@isthmus/store';
import { groupBy } from '../../core/group-by.js';
import { inventoryOf } from '../inventory/inventory-facts.js';

/** Inventories by cluster name; a cluster that never reported is absent: unknown, not empty. */
export async function readInventories(
  tx: TenantTx | Omit<TenantTx, 'resources'>,
  clusters: readonly ResourceRecord[],
): Promise<Map<string, ClusterInventory>> {
  const uids = clusters.map(({ uid }) => uid);
  if (uids.length === 0) return new Map();
  const heads = new Map((await tx.inventory.heads(uids)).map((head) => [head.cluster, head]));
  const namespaces = groupBy(await tx.inventory.namespaces(uids), ({ cluster }) => cluster);
  return new Map(
    clusters.flatMap(({ uid, name }) => {
      const head = heads.get(uid);
      return head === undefined ? [] : [[name, inventoryOf(head, namespaces.get(uid) ?? [])] as const];
    }),
  );
}
