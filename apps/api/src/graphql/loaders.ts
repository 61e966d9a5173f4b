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
  /** The same, at once where it was read already: fields that are no promise cost far less. */
  clusterNow: Now<ResourceRecord | undefined>;
  session: DataLoader<string, SessionRecord | undefined>;
  sessionNow: Now<SessionRecord | undefined>;
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

/** A value by its key: itself where it was read already, else the promise of it. */
export type Now<T> = (key: string) => T | Promise<T>;

/** Whose reads are batched. */
export type Reader = Pick<Viewer, 'org' | 'rights'>;

/** Loaders of one operation (or one event of a subscription) of one caller. */
export function createLoaders(store: Store, reader: Reader): Loaders {
  const shared = new SharedReads(store, reader.org);
  const reads = store.reads(reader.org);
  const readable = (records: readonly ResourceRecord[]) => records.filter((record) => mayRead(reader, record));
  const cluster = remembering(async (keys) => {
    const found = readable(await reads.resources.byUidsOrNames('Cluster', keys));
    const byName = found.map((record) => [record.name, record] as const);
    const byRef = new Map([...byName, ...found.map((record) => [record.uid, record] as const)]);
    return keys.map((key) => byRef.get(key));
  });
  const session = remembering(
    alignedBy(
      (keys) => reads.sessions.list(keys),
      ({ cluster }) => cluster,
    ),
  );
  return {
    read: (read) => shared.read(read),
    cluster: cluster.loader,
    clusterNow: cluster.now,
    session: session.loader,
    sessionNow: session.now,
    resource: aligned(
      async (keys) => readable(await reads.resources.byUids(keys)),
      ({ uid }) => uid,
    ),
    inventoryHead: aligned(
      (keys) => reads.inventory.heads(keys),
      ({ cluster }) => cluster,
    ),
    inventoryNamespaces: grouped(
      (keys) => shared.read((tx) => tx.inventory.namespaces(keys)),
      ({ cluster }) => cluster,
    ),
    head: aligned(
      (keys) => reads.heads.list(keys),
      ({ gns }) => gns,
    ),
    targetsOfCluster: grouped(
      (keys) => reads.targets.ofCluster(keys),
      ({ cluster }) => cluster,
    ),
    targetsOfGns: grouped(
      (keys) => reads.targets.ofGns(keys),
      ({ gns }) => gns,
    ),
    appliedOfCluster: grouped(
      (keys) => reads.targets.applied({ cluster: keys }),
      ({ cluster }) => cluster,
    ),
    appliedOfGns: grouped(
      (keys) => reads.targets.applied({ gns: keys }),
      ({ gns }) => gns,
    ),
    holdsOfCluster: grouped(
      () => reads.holds.list({}),
      ({ cluster }) => cluster,
    ),
    holdsOfGns: grouped(
      () => reads.holds.list({}),
      ({ gns }) => gns,
    ),
    life: aligned(
      () => reads.lives.list(),
      ({ cluster }) => cluster,
    ),
    enrolment: aligned(
      (keys) => reads.enrolments.newest(keys),
      ({ cluster }) => cluster,
    ),
    refusals: new DataLoader(async (keys) => {
      const all = await reads.refusals.list(keys);
      return keys.map((key) => all.filter(({ cluster }) => cluster === key || cluster === ''));
    }),
    lineStops: grouped(
      (keys) => reads.lineStops.list(keys),
      ({ cluster }) => cluster,
    ),
    members: grouped(
      (keys) => reads.members.list(keys),
      ({ gns }) => gns,
    ),
    vips: grouped(
      (keys) => reads.vips.list(keys),
      ({ gns }) => gns,
    ),
    ports: grouped(
      (keys) => reads.ports.list(keys),
      ({ gns }) => gns,
    ),
    tokensOfServiceAccount: grouped(
      () =>
        shared.read(async (tx) => (await tx.tokens.list()).filter(({ ownerKind }) => ownerKind === 'SERVICE_ACCOUNT')),
      ({ owner }) => owner,
    ),
    sloReportsOfGns: grouped(
      (keys) => shared.read((tx) => tx.sloStates.reports({ gns: keys })),
      ({ gns }) => gns,
    ),
    sloReportsOfPolicy: grouped(
      (keys) => shared.read((tx) => tx.sloStates.reports({ slo: keys })),
      ({ slo }) => slo,
    ),
    policies: new DataLoader(async (keys) => {
      const policies = readable(await reads.resources.all([...POLICY_KINDS]));
      return keys.map(() => policies);
    }),
    secrecy: secrecyLoader(shared, reader),
  };
}

type Batch<T> = (keys: readonly string[]) => Promise<T[]>;

/** One of each key, from one read of all keys. */
function aligned<T>(
  read: (keys: readonly string[]) => Promise<readonly T[]>,
  keyOf: (row: T) => string,
): DataLoader<string, T | undefined> {
  return new DataLoader(alignedBy(read, keyOf));
}

function alignedBy<T>(
  read: (keys: readonly string[]) => Promise<readonly T[]>,
  keyOf: (row: T) => string,
): Batch<T | undefined> {
  return async (keys) => {
    const byKey = new Map((await read(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => byKey.get(key));
  };
}

/** A loader, and what it has read at once. */
function remembering<T>(batch: Batch<T>): { loader: DataLoader<string, T>; now: Now<T> } {
  const known = new Map<string, T>();
  const loader = new DataLoader<string, T>(async (keys) => {
    const values = await batch(keys);
    for (const [index, key] of keys.entries()) known.set(key, values[index] as T);
    return values;
  });
  return { loader, now: (key) => (known.has(key) ? (known.get(key) as T) : loader.load(key)) };
}

/** All of each key, from one read of all keys. */
function grouped<T>(
  read: (keys: readonly string[]) => Promise<readonly T[]>,
  keyOf: (row: T) => string,
): DataLoader<string, T[]> {
  return new DataLoader(async (keys) => {
    const byKey = groupBy(await read(keys), keyOf);
    return keys.map((key) => byKey.get(key) ?? []);
  });
}

function secrecyLoader(reads: SharedReads, reader: Reader): Loaders['secrecy'] {
  return new DataLoader(async (keys) => {
    const isOpen = readsEverything(reader);
    const secrecy = isOpen ? NOTHING_HIDDEN : await reads.read((tx) => secrecyIn(tx, reader));
    return keys.map(() => secrecy);
  });
}
