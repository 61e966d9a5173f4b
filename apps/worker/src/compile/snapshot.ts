import {
  isPolicy,
  POLICY_KINDS,
  type Cluster,
  type ClusterGroup,
  type ClusterInventory,
  type Fleet,
  type GlobalNamespace,
  type Policy,
} from '@isthmus/domain';
import type {
  AcknowledgedRef,
  ClusterLife,
  HeadRecord,
  HoldRecord,
  Store,
  TargetRecord,
  TenantTx,
} from '@isthmus/store';
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
  policies: Policy[];
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
  /** Names of clusters that leave, and who decided it: their members drain, and then what they hold is taken away. */
  leaving: ReadonlyMap<string, string>;
  /** Names of clusters that drains do not wait for. */
  abandoned: ReadonlySet<string>;
}

/** What a process remembers of earlier snapshots. */
export interface SnapshotMemory {
  inventories: InventoryCache;
  rows: SettledRows | undefined;
}

const FLEET_KINDS = ['Cluster', 'ClusterGroup', ...POLICY_KINDS] as const;

type FleetPart = Pick<Snapshot, 'clusters' | 'clusterGroups' | 'policies' | 'uids'>;

/** A cluster that has left, or was evicted, is none of ours. */
async function readFleet(tx: TenantTx, isGone: (cluster: string) => boolean): Promise<FleetPart> {
  const all = await tx.resources.all([...FLEET_KINDS]);
  const records = all.filter(({ kind, uid }) => kind !== 'Cluster' || !isGone(uid));
  const part = {
    clusters: [] as Cluster[],
    clusterGroups: [] as ClusterGroup[],
    policies: [] as FleetPart['policies'],
  };
  for (const record of records) {
    const document = documentOf(record);
    if (document.kind === 'Cluster') part.clusters.push(document);
    else if (document.kind === 'ClusterGroup') part.clusterGroups.push(document);
    else if (isPolicy(document)) part.policies.push(document);
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

const isGone = ({ phase }: ClusterLife): boolean => phase === 'LEFT' || phase === 'EVICTED';

/** Names of the clusters, and who decided upon them. */
function namesIn(uids: ReadonlyMap<string, string>, lives: readonly ClusterLife[]): Map<string, string> {
  const deciders = new Map(lives.map(({ cluster, by }) => [cluster, by]));
  return new Map([...uids].flatMap(([name, uid]) => (deciders.has(uid) ? [[name, deciders.get(uid) ?? '']] : [])));
}

/** What a person had forgotten is known to be gone, which is another thing than not to be known. */
function withForgotten(
  inventories: ReadonlyMap<string, ClusterInventory>,
  lives: readonly ClusterLife[],
): ReadonlyMap<string, ClusterInventory> {
  const forgotten = lives.filter(({ cluster, forgottenAt }) => forgottenAt !== undefined && !inventories.has(cluster));
  if (forgotten.length === 0) return inventories;
  return new Map([...inventories, ...forgotten.map(({ cluster }) => [cluster, NOTHING_THERE] as const)]);
}

const NOTHING_THERE: ClusterInventory = { mesh: {}, gateways: [], namespaces: [] };

async function readIn(tx: TenantTx, key: GnsKey, memory: SnapshotMemory): Promise<Omit<Snapshot, 'epoch'>> {
  const record = await tx.resources.byUid(key.gns);
  const lives = await tx.lives.list();
  const fleet = await readFleet(tx, (cluster) => lives.some((life) => life.cluster === cluster && isGone(life)));
  const namesOf = (is: (life: ClusterLife) => boolean) => namesIn(fleet.uids, lives.filter(is));
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
    inventories: byName(fleet.uids, withForgotten(await memory.inventories.read(tx), lives)),
    head,
    rows: recorded.rows,
    targets: await tx.targets.ofGns(key.gns),
    applied: await tx.targets.acknowledged(key.gns),
    drainHold: (await tx.holds.list({ gns: key.gns, cluster: '', kind: 'DRAIN' }))[0],
    leaving: namesOf(({ phase }) => phase === 'LEAVING'),
    abandoned: new Set(namesOf(({ abandonedAt }) => abandonedAt !== undefined).keys()),
  };
}

/** Reads one consistent snapshot for a compile. */
export async function readSnapshot(store: Store, key: GnsKey, memory: SnapshotMemory): Promise<Snapshot> {
  const epoch = await store.system.epoch();
  const read = await store.withTenant(key.org, (tx) => readIn(tx, key, memory), { isolation: 'REPEATABLE_READ' });
  return { ...read, epoch };
}
