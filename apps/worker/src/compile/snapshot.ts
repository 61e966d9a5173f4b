import type {
  Cluster,
  ClusterGroup,
  ClusterInventory,
  EncryptionPolicy,
  Fleet,
  GlobalNamespace,
  SloPolicy,
} from '@isthmus/domain';
import type { AcknowledgedRef, HeadRecord, HoldRecord, Store, TargetRecord, TenantTx } from '@isthmus/store';
import { documentOf } from './documents.js';
import type { InventoryCache } from './inventory-cache.js';
import { readRows, type RecordedRows, type SettledRows } from './recorded-rows.js';

/** Names one global namespace of one organization, by uid. */
export interface GnsKey {
  org: string;
  gns: string;
}

/** Everything that one compile reads, as it was at one moment. */
export interface Snapshot extends Required<Fleet> {
  key: GnsKey;
  epoch: number;
  now: Date;
  specVersion: number;
  inventoryVersion: number;
  /** Undefined: the resource was deleted. */
  gns: GlobalNamespace | undefined;
  /** True if a compile of specs is due: the resource changed after the last one. */
  specIsNewer: boolean;
  policies: (EncryptionPolicy | SloPolicy)[];
  /** Uids of registered clusters by name. */
  uids: ReadonlyMap<string, string>;
  /** By cluster name. */
  inventories: ReadonlyMap<string, ClusterInventory>;
  head: HeadRecord | undefined;
  rows: RecordedRows;
  targets: TargetRecord[];
  applied: AcknowledgedRef[];
  /** Members that leave by rules, and whether a person approved it. */
  drainHold: HoldRecord | undefined;
}

/** What a process remembers of earlier snapshots. */
export interface SnapshotMemory {
  inventories: InventoryCache;
  rows: SettledRows | undefined;
}

const FLEET_KINDS = ['Cluster', 'ClusterGroup', 'EncryptionPolicy', 'SloPolicy'] as const;

type FleetPart = Pick<Snapshot, 'clusters' | 'clusterGroups' | 'policies' | 'uids'>;

async function readFleet(tx: TenantTx): Promise<FleetPart> {
  const records = await tx.resources.all([...FLEET_KINDS]);
  const part = {
    clusters: [] as Cluster[],
    clusterGroups: [] as ClusterGroup[],
    policies: [] as FleetPart['policies'],
  };
  for (const record of records) {
    const document = documentOf(record);
    if (document.kind === 'Cluster') part.clusters.push(document);
    else if (document.kind === 'ClusterGroup') part.clusterGroups.push(document);
    else if (document.kind === 'EncryptionPolicy' || document.kind === 'SloPolicy') part.policies.push(document);
  }
  const clusters = records.filter(({ kind }) => kind === 'Cluster');
  return { ...part, uids: new Map(clusters.map(({ name, uid }) => [name, uid])) };
}

function byName(
  uids: ReadonlyMap<string, string>,
  byUid: ReadonlyMap<string, ClusterInventory>,
): Map<string, ClusterInventory> {
  const named = new Map<string, ClusterInventory>();
  for (const [name, uid] of uids) {
    const inventory = byUid.get(uid);
    if (inventory !== undefined) named.set(name, inventory);
  }
  return named;
}

async function readIn(tx: TenantTx, key: GnsKey, memory: SnapshotMemory): Promise<Omit<Snapshot, 'epoch'>> {
  const record = await tx.resources.byUid(key.gns);
  const fleet = await readFleet(tx);
  const head = await tx.heads.get(key.gns);
  const document = record && documentOf(record);
  const recorded = await readRows(tx, { gns: key.gns, head, known: memory.rows });
  memory.rows = recorded.settled;
  return {
    key,
    ...fleet,
    now: await tx.now(),
    specVersion: await tx.resources.specVersion(),
    inventoryVersion: await tx.inventory.version(),
    gns: document?.kind === 'GlobalNamespace' ? document : undefined,
    specIsNewer: (head?.specVersion ?? 0) < Number(record?.resourceVersion ?? 0),
    inventories: byName(fleet.uids, await memory.inventories.read(tx)),
    head,
    rows: recorded.rows,
    targets: await tx.targets.ofGns(key.gns),
    applied: await tx.targets.acknowledged(key.gns),
    drainHold: (await tx.holds.list({ gns: key.gns, cluster: '', kind: 'DRAIN' }))[0],
  };
}

/** Reads one consistent snapshot for a compile. */
export async function readSnapshot(store: Store, key: GnsKey, memory: SnapshotMemory): Promise<Snapshot> {
  const epoch = await store.system.epoch();
  const read = await store.withTenant(key.org, (tx) => readIn(tx, key, memory), { isolation: 'REPEATABLE_READ' });
  return { ...read, epoch };
}
