import type { ClusterInventory, DiscoveredGateway, DiscoveredMesh, InventoryNamespace } from '@isthmus/domain';
import type { InventoryHeadRecord, InventoryNamespaceRecord, TenantTx } from '@isthmus/store';

interface CachedNamespace {
  hash: string;
  readable: boolean;
  value: InventoryNamespace;
}

interface CachedCluster {
  version: number;
  namespaces: Map<string, CachedNamespace>;
  inventory: ClusterInventory;
}

interface Facts {
  mesh?: DiscoveredMesh;
  gateways?: DiscoveredGateway[];
}

function cachedNamespace(record: InventoryNamespaceRecord, known: CachedNamespace | undefined): CachedNamespace {
  const { hash, readable, body, namespace } = record;
  if (known?.hash === hash && known.readable === readable) return known;
  const value = JSON.parse(body) as InventoryNamespace;
  return { hash, readable, value: { ...value, name: namespace, readable } };
}

function cachedCluster(
  head: InventoryHeadRecord,
  rows: readonly InventoryNamespaceRecord[],
  known: CachedCluster | undefined,
): CachedCluster {
  const namespaces = new Map(
    rows.map((row) => [row.namespace, cachedNamespace(row, known?.namespaces.get(row.namespace))]),
  );
  const { mesh = {}, gateways = [] } = (head.facts ?? {}) as Facts;
  const inventory = { mesh, gateways, namespaces: [...namespaces.values()].map(({ value }) => value) };
  return { version: head.version, namespaces, inventory };
}

/**
 * Inventories of an organization's clusters by uid. Only clusters whose version moved are read again, and namespaces that did
 * not change keep their identity, so that compiles know them.
 */
export class InventoryCache {
  private clusters = new Map<string, CachedCluster>();

  /** Inventories as the transaction sees them; clusters that never reported are absent. */
  async read(tx: Pick<TenantTx, 'inventory'>): Promise<Map<string, ClusterInventory>> {
    const base = this.clusters;
    const heads = await tx.inventory.heads();
    const moved = heads.filter((head) => base.get(head.cluster)?.version !== head.version);
    const rows = moved.length === 0 ? [] : await tx.inventory.namespaces(moved.map(({ cluster }) => cluster));
    const byCluster = new Map(moved.map(({ cluster }): [string, InventoryNamespaceRecord[]] => [cluster, []]));
    for (const row of rows) byCluster.get(row.cluster)?.push(row);
    const next = new Map<string, CachedCluster>();
    for (const head of heads) {
      const known = base.get(head.cluster);
      const isSame = known?.version === head.version;
      next.set(head.cluster, isSame ? known : cachedCluster(head, byCluster.get(head.cluster) ?? [], known));
    }
    this.clusters = next;
    return new Map([...next].map(([cluster, { inventory }]) => [cluster, inventory]));
  }
}
