import type { ClusterInventory, InventoryNamespace } from '@isthmus/domain';
import type { InventoryHeadRecord, InventoryNamespaceOutline, ResourceRecord, TenantTx } from '@isthmus/store';
import { groupBy } from '../../core/group-by.js';
import type { KnownInventories } from './stored-sets.js';
import { factsOf, readableNamespace } from '../inventory/inventory-facts.js';

interface Decoded {
  hash: string;
  readable: boolean;
  value: InventoryNamespace;
}

const MAX_DECODED = 20_000;

/** Namespaces that were decoded last, by cluster and name; one whose hash is another one is decoded again. */
const decoded = new Map<string, Decoded>();

const keyOf = ({ cluster, namespace }: Pick<InventoryNamespaceOutline, 'cluster' | 'namespace'>): string =>
  `${cluster}/${namespace}`;

function keep(key: string, entry: Decoded): void {
  decoded.delete(key);
  decoded.set(key, entry);
  for (const oldest of decoded.keys()) {
    if (decoded.size <= MAX_DECODED) return;
    decoded.delete(oldest);
  }
}

function isKnown(outline: InventoryNamespaceOutline): boolean {
  const known = decoded.get(keyOf(outline));
  return known?.hash === outline.hash && known.readable === outline.readable;
}

/** Namespaces of the clusters as they are stored; only those that are not known are read and decoded. */
async function readNamespaces(
  tx: Pick<TenantTx, 'inventory'>,
  uids: readonly string[],
): Promise<Map<string, InventoryNamespace[]>> {
  const outlines = await tx.inventory.outlines(uids);
  const values = new Map<string, InventoryNamespace>();
  const unknown = outlines.filter((outline) => {
    const known = isKnown(outline) ? decoded.get(keyOf(outline)) : undefined;
    if (known !== undefined) values.set(keyOf(outline), known.value);
    return known === undefined;
  });
  const names = [...new Set(unknown.map(({ namespace }) => namespace))];
  const clusters = [...new Set(unknown.map(({ cluster }) => cluster))];
  const rows = names.length === 0 ? [] : await tx.inventory.namespaces(clusters, names);
  for (const row of rows) {
    const value = readableNamespace(row);
    values.set(keyOf(row), value);
    keep(keyOf(row), { hash: row.hash, readable: row.readable, value });
  }
  return new Map(
    [...groupBy(outlines, ({ cluster }) => cluster)].map(([cluster, list]) => [
      cluster,
      list.flatMap((outline) => values.get(keyOf(outline)) ?? []),
    ]),
  );
}

function inventoryOf({ facts }: InventoryHeadRecord, namespaces: InventoryNamespace[]): ClusterInventory {
  const { mesh, gateways } = factsOf(facts) ?? { mesh: {}, gateways: [] };
  return { mesh, gateways, namespaces };
}

/** Inventories by cluster name; a cluster that never reported is absent: unknown, not empty. */
export async function readInventories(
  tx: Pick<TenantTx, 'inventory'>,
  clusters: readonly ResourceRecord[],
): Promise<Map<string, ClusterInventory>> {
  const uids = clusters.map(({ uid }) => uid);
  return uids.length === 0 ? new Map() : inventoriesOf(tx, clusters, await tx.inventory.heads(uids));
}

/** The same from heads that were read in this transaction; what is known already is not read again if nothing has moved. */
export async function inventoriesSince(
  tx: Pick<TenantTx, 'inventory'>,
  { clusters, heads }: { clusters: readonly ResourceRecord[]; heads: readonly InventoryHeadRecord[] },
  known: KnownInventories | undefined,
): Promise<KnownInventories> {
  const fingerprint = JSON.stringify([
    clusters.map(({ uid, name }) => [uid, name]),
    heads.map(({ observedAt: _observedAt, seq: _seq, ...head }) => head), // its version moves with each change of any namespace
  ]);
  if (known?.fingerprint === fingerprint) return known;
  return { fingerprint, byCluster: await inventoriesOf(tx, clusters, heads) };
}

async function inventoriesOf(
  tx: Pick<TenantTx, 'inventory'>,
  clusters: readonly ResourceRecord[],
  headRecords: readonly InventoryHeadRecord[],
): Promise<Map<string, ClusterInventory>> {
  const heads = new Map(headRecords.map((head) => [head.cluster, head]));
  const uids = clusters.map(({ uid }) => uid).filter((uid) => heads.has(uid));
  const namespaces = uids.length === 0 ? new Map<string, InventoryNamespace[]>() : await readNamespaces(tx, uids);
  return new Map(
    clusters.flatMap(({ uid, name }) => {
      const head = heads.get(uid);
      return head === undefined ? [] : [[name, inventoryOf(head, namespaces.get(uid) ?? [])] as const];
    }),
  );
}
