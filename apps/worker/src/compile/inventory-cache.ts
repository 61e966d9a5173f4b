import type { ClusterInventory, DiscoveredGateway, DiscoveredMesh, InventoryNamespace } from '@isthmus/domain';
import type {
  InventoryHeadRecord,
  InventoryNamespaceOutline,
  InventoryNamespaceRecord,
  TenantTx,
} from '@isthmus/store';

interface CachedNamespace {
  hash: string;
  readable: boolean;
  value: InventoryNamespace;
}

interface CachedCluster {
  version: number;
  /** Boot and root that it was read at: a version may come again after a restore, these do not. */
  observed: string;
  namespaces: Map<string, CachedNamespace>;
  inventory: ClusterInventory;
}

interface Facts {
  mesh?: DiscoveredMesh;
  gateways?: DiscoveredGateway[];
}

function parsed({ hash, readable, body, namespace }: InventoryNamespaceRecord): CachedNamespace {
  const value = JSON.parse(body) as InventoryNamespace;
  return { hash, readable, value: { ...value, name: namespace, readable } };
}

function isSame(outline: InventoryNamespaceOutline, known: CachedNamespace | undefined): boolean {
  return known?.hash === outline.hash && known.readable === outline.readable;
}

type Reader = Pick<TenantTx, 'inventory'>;

/** Reads a cluster that moved: names and hashes of all its namespaces, contents only of those that are not known. */
async function readCluster(
  tx: Reader,
  head: InventoryHeadRecord,
  known: CachedCluster | undefined,
): Promise<CachedCluster> {
  const outlines = await tx.inventory.outlines([head.cluster]);
  const changed = outlines.filter((one) => !isSame(one, known?.namespaces.get(one.namespace)));
  const names = changed.map(({ namespace }) => namespace);
  const rows = names.length === 0 ? [] : await tx.inventory.namespaces([head.cluster], names);
  const fresh = new Map(rows.map((row) => [row.namespace, parsed(row)]));
  const namespaces = new Map<string, CachedNamespace>();
  for (const { namespace } of outlines) {
    const value = fresh.get(namespace) ?? known?.namespaces.get(namespace);
    if (value !== undefined) namespaces.set(namespace, value);
  }
  const { mesh = {}, gateways = [] } = (head.facts ?? {}) as Facts;
  const inventory = { mesh, gateways, namespaces: [...namespaces.values()].map(({ value }) => value) };
  return { version: head.version, observed: head.bootId + head.root, namespaces, inventory };
}

/**
 * Inventories of an organization's clusters by uid. Only clusters whose version moved are read again, of these only namespaces
 * whose hash is not known; what did not change keeps its identity, so that compiles know it.
 */
export class InventoryCache {
  private clusters = new Map<string, CachedCluster>();

  /** Inventories as the transaction sees them, which must be one snapshot; clusters that never reported are absent. */
  async read(tx: Reader): Promise<Map<string, ClusterInventory>> {
    const base = this.clusters;
    const next = new Map<string, CachedCluster>();
    for (const head of await tx.inventory.heads()) {
      const known = base.get(head.cluster);
      const isKnown = known?.version === head.version && known.observed === head.bootId + head.root;
      next.set(head.cluster, isKnown ? known : await readCluster(tx, head, known));
    }
    this.clusters = next;
    return new Map([...next].map(([cluster, { inventory }]) => [cluster, inventory]));
  }
}
