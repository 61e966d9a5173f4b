import type {
  Cluster,
  ClusterGroup,
  ClusterInventory,
  EncryptionPolicy,
  Fleet,
  GlobalNamespace,
  SloPolicy,
} from '@isthmus/domain';
import type {
  AppliedRecord,
  HeadRecord,
  MemberRecord,
  PortContractRecord,
  Store,
  TargetRecord,
  TenantTx,
  VipRecord,
} from '@isthmus/store';
import { documentOf } from './documents.js';
import type { InventoryCache } from './inventory-cache.js';

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
  members: MemberRecord[];
  vips: VipRecord[];
  ports: PortContractRecord[];
  targets: TargetRecord[];
  applied: AppliedRecord[];
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

async function readIn(tx: TenantTx, key: GnsKey, inventories: InventoryCache): Promise<Omit<Snapshot, 'epoch'>> {
  const record = await tx.resources.byUid(key.gns);
  const fleet = await readFleet(tx);
  const head = await tx.heads.get(key.gns);
  const document = record && documentOf(record);
  return {
    key,
    ...fleet,
    now: await tx.now(),
    specVersion: await tx.resources.specVersion(),
    inventoryVersion: await tx.inventory.version(),
    gns: document?.kind === 'GlobalNamespace' ? document : undefined,
    specIsNewer: (head?.specVersion ?? 0) < Number(record?.resourceVersion ?? 0),
    inventories: byName(fleet.uids, await inventories.read(tx)),
    head,
    members: await tx.members.list(key.gns),
    vips: await tx.vips.list(key.gns),
    ports: await tx.ports.list(key.gns),
    targets: await tx.targets.ofGns(key.gns),
    applied: await tx.targets.applied({ gns: key.gns }),
  };
}

/** Reads one consistent snapshot for a compile. */
export async function readSnapshot(store: Store, key: GnsKey, inventories: InventoryCache): Promise<Snapshot> {
  const epoch = await store.system.epoch();
  const read = await store.withTenant(key.org, (tx) => readIn(tx, key, inventories), { isolation: 'REPEATABLE_READ' });
  return { ...read, epoch };
}
