import { POLICY_KINDS } from '@isthmus/domain';
import DataLoader from 'dataloader';
import type {
  AppliedRecord,
  ClusterLife,
  EnrolmentRecord,
  HeadRecord,
  HoldRecord,
  InventoryHeadRecord,
  InventoryNamespaceRecord,
  LineStopRecord,
  MemberRecord,
  PortContractRecord,
  RefusalRecord,
  ResourceRecord,
  SessionRecord,
  SloReportRecord,
  Store,
  TargetRecord,
  TenantTx,
  TokenRecord,
  VipRecord,
} from '@isthmus/store';
import { NOTHING_HIDDEN, readsEverything, secrecyIn, type Secrecy } from '../auth/secrecy.js';
import { mayRead, type Viewer } from '../auth/viewer.js';
import { groupBy } from '../core/group-by.js';
import { SharedReads, type Read } from './shared-reads.js';

/** Batches and remembers what one operation reads, so that a page costs one query a kind of fact and not one an item. */
export interface Loaders {
  /** Any read, in one transaction with the others that are asked for at the same time. */
  read: <T>(read: Read<T>) => Promise<T>;
  /** Only what the caller may read; so are clusters and policies. */
  resource: DataLoader<string, ResourceRecord | undefined>;
  /** By uid or, failing that, by name. */
  cluster: DataLoader<string, ResourceRecord | undefined>;
  session: DataLoader<string, SessionRecord | undefined>;
  inventoryHead: DataLoader<string, InventoryHeadRecord | undefined>;
  inventoryNamespaces: DataLoader<string, InventoryNamespaceRecord[]>;
  head: DataLoader<string, HeadRecord | undefined>;
  targetsOfCluster: DataLoader<string, TargetRecord[]>;
  targetsOfGns: DataLoader<string, TargetRecord[]>;
  appliedOfCluster: DataLoader<string, AppliedRecord[]>;
  appliedOfGns: DataLoader<string, AppliedRecord[]>;
  holdsOfCluster: DataLoader<string, HoldRecord[]>;
  holdsOfGns: DataLoader<string, HoldRecord[]>;
  /** What was decided about a cluster; undefined: nothing. */
  life: DataLoader<string, ClusterLife | undefined>;
  enrolment: DataLoader<string, EnrolmentRecord | undefined>;
  /** Of the cluster, and those that nobody can be told from. */
  refusals: DataLoader<string, RefusalRecord[]>;
  lineStops: DataLoader<string, LineStopRecord[]>;
  members: DataLoader<string, MemberRecord[]>;
  vips: DataLoader<string, VipRecord[]>;
  ports: DataLoader<string, PortContractRecord[]>;
  policies: DataLoader<string, ResourceRecord[]>;
  /** Tokens of a service account, revoked ones included. */
  tokensOfServiceAccount: DataLoader<string, TokenRecord[]>;
  /** How objectives stand, by global namespace or by policy. */
  sloReportsOfGns: DataLoader<string, SloReportRecord[]>;
  sloReportsOfPolicy: DataLoader<string, SloReportRecord[]>;
  /** What may be told to the caller of things that name others. */
  secrecy: DataLoader<'all', Secrecy>;
}

/** Rows of all keys, in one statement. */
type Rows<T> = (tx: TenantTx, keys: readonly string[]) => Promise<T[]>;
type Batch<T> = (tx: TenantTx, keys: readonly string[]) => Promise<(T | undefined)[]>;

/** Whose reads are batched. */
export type Reader = Pick<Viewer, 'org' | 'rights'>;

/** Loaders of one operation (or one event of a subscription) of one caller. */
export function createLoaders(store: Store, reader: Reader): Loaders {
  const reads = new SharedReads(store, reader.org);
  const readable = (records: readonly ResourceRecord[]) => records.filter((record) => mayRead(reader, record));
  const batched = <T>(batch: (tx: TenantTx, keys: readonly string[]) => Promise<T[]>): DataLoader<string, T> =>
    new DataLoader((keys) => reads.read((tx) => batch(tx, keys)));
  const loader = <T>(batch: Batch<T>): DataLoader<string, T | undefined> => batched(batch);
  const ofGns = <T extends { gns: string }>(read: Rows<T>): DataLoader<string, T[]> =>
    batched(async (tx, keys) => group(keys, await read(tx, keys), ({ gns }) => gns));
  const ofClusters = <T extends { cluster: string }>(read: Rows<T>): DataLoader<string, T[]> =>
    batched(async (tx, keys) => group(keys, await read(tx, keys), ({ cluster }) => cluster));
  return {
    read: (read) => reads.read(read),
    resource: loader(async (tx, keys) => align(keys, readable(await tx.resources.byUids(keys)), ({ uid }) => uid)),
    cluster: loader(async (tx, keys) => {
      const found = await clustersByUidOrName(tx, keys);
      return found.map((record) => (record !== undefined && mayRead(reader, record) ? record : undefined));
    }),
    session: loader(async (tx, keys) => align(keys, await tx.sessions.list(keys), ({ cluster }) => cluster)),
    inventoryHead: loader(async (tx, keys) => align(keys, await tx.inventory.heads(keys), ({ cluster }) => cluster)),
    inventoryNamespaces: batched(async (tx, keys) =>
      group(keys, await tx.inventory.namespaces(keys), ({ cluster }) => cluster),
    ),
    head: loader(async (tx, keys) => align(keys, await tx.heads.list(keys), ({ gns }) => gns)),
    targetsOfCluster: ofClusters((tx, cluster) => tx.targets.ofCluster(cluster)),
    targetsOfGns: ofGns((tx, gns) => tx.targets.ofGns(gns)),
    appliedOfCluster: ofClusters((tx, cluster) => tx.targets.applied({ cluster })),
    appliedOfGns: ofGns((tx, gns) => tx.targets.applied({ gns })),
    holdsOfCluster: batched(async (tx, keys) => group(keys, await tx.holds.list({}), ({ cluster }) => cluster)),
    holdsOfGns: batched(async (tx, keys) => group(keys, await tx.holds.list({}), ({ gns }) => gns)),
    life: loader(async (tx, keys) => align(keys, await tx.lives.list(), ({ cluster }) => cluster)),
    enrolment: loader(async (tx, keys) => align(keys, await tx.enrolments.newest(keys), ({ cluster }) => cluster)),
    refusals: batched(async (tx, keys) => {
      const all = await tx.refusals.list(keys);
      return keys.map((key) => all.filter(({ cluster }) => cluster === key || cluster === ''));
    }),
    lineStops: batched(async (tx, keys) => group(keys, await tx.lineStops.list(keys), ({ cluster }) => cluster)),
    members: ofGns((tx, gns) => tx.members.list(gns)),
    vips: ofGns((tx, gns) => tx.vips.list(gns)),
    ports: ofGns((tx, gns) => tx.ports.list(gns)),
    tokensOfServiceAccount: batched(async (tx, keys) => {
      const owned = (await tx.tokens.list()).filter(({ ownerKind }) => ownerKind === 'SERVICE_ACCOUNT');
      return group(keys, owned, ({ owner }) => owner);
    }),
    sloReportsOfGns: ofGns((tx, gns) => tx.sloStates.reports({ gns })),
    sloReportsOfPolicy: batched(async (tx, keys) =>
      group(keys, await tx.sloStates.reports({ slo: keys }), ({ slo }) => slo),
    ),
    policies: batched(async (tx, keys) => {
      const policies = readable(await tx.resources.all([...POLICY_KINDS]));
      return keys.map(() => policies);
    }),
    secrecy: secrecyLoader(reads, reader),
  };
}

function secrecyLoader(reads: SharedReads, reader: Reader): Loaders['secrecy'] {
  return new DataLoader(async (keys) => {
    const isOpen = readsEverything(reader);
    const secrecy = isOpen ? NOTHING_HIDDEN : await reads.read((tx) => secrecyIn(tx, reader));
    return keys.map(() => secrecy);
  });
}

function align<T>(keys: readonly string[], rows: readonly T[], keyOf: (row: T) => string): (T | undefined)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key));
}

function group<T>(keys: readonly string[], rows: readonly T[], keyOf: (row: T) => string): T[][] {
  const byKey = groupBy(rows, keyOf);
  return keys.map((key) => byKey.get(key) ?? []);
}

async function clustersByUidOrName(tx: TenantTx, refs: readonly string[]): Promise<(ResourceRecord | undefined)[]> {
  const byUid = new Map((await tx.resources.byUids(refs)).map((record) => [record.uid, record]));
  const names = refs.filter((ref) => !byUid.has(ref));
  const page = { first: Math.min(Math.max(names.length, 1), 1000) };
  const named = names.length === 0 ? [] : (await tx.resources.list({ kinds: ['Cluster'], names }, page)).items;
  const byName = new Map(named.map(({ record }) => [record.name, record]));
  return refs.map((ref) => byUid.get(ref) ?? byName.get(ref));
}
