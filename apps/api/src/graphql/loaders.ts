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
  SubjectRef,
  TargetRecord,
  TenantReads,
  TenantTx,
  TokenRecord,
  VipRecord,
} from '@isthmus/store';
import { NOTHING_HIDDEN, readsEverything, secrecyIn, type Secrecy } from '../auth/secrecy.js';
import { mayRead, type Viewer } from '../auth/viewer.js';
import { groupBy } from '../core/group-by.js';
import { namesOfActors, type ActorNames } from '../modules/actors/actor-names.js';
import { namesOfSubjects, type SubjectNames } from '../modules/roles/subject-names.js';
import { SharedReads, type Read } from './shared-reads.js';

/** Batches and remembers what one operation reads, so that a page costs one query a kind of fact and not one an item. */
export interface Loaders {
  /** Any read, in one transaction with the others that are asked for at the same time. */
  read: <T>(read: Read<T>) => Promise<T>;
  /** Only what the caller may read; so are clusters and policies. */
  resource: DataLoader<string, ResourceRecord | undefined>;
  /**
   * What a resource is called, whoever asks: only for what the caller knows by name, as clusters where a global namespace runs that it
   * reads. Undefined once the record is gone. Costs nothing beside `resource`.
   */
  nameOf: (uid: string) => Promise<string | undefined>;
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
  /** Who stands behind actors of audit rows; whether the caller may know is another matter. */
  actorNames: DataLoader<string, ActorNames>;
  /** What those are called to whom roles are granted; undefined once they are gone. Whether the caller may know is another matter. */
  subjectNames: DataLoader<SubjectRef, SubjectNames | undefined, string>;
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
  return {
    read: (read) => shared.read(read),
    ...resourceLoaders(reads, reader),
    ...namespaceLoaders(reads, shared),
    ...clusterLoaders(reads, shared),
    tokensOfServiceAccount: grouped('owner', () => shared.read(tokensOfServiceAccounts)),
    actorNames: new DataLoader((actors) => shared.read((tx) => namesOfActors(tx, actors))),
    subjectNames: new DataLoader((subjects) => shared.read((tx) => namesOfSubjects(tx, subjects)), {
      cacheKeyFn: ({ kind, id }) => `${kind} ${id}`,
    }),
    secrecy: secrecyLoader(shared, reader),
  };
}

function resourceLoaders(
  { resources }: TenantReads,
  reader: Reader,
): Pick<Loaders, 'resource' | 'nameOf' | 'cluster' | 'clusterNow' | 'policies'> {
  const readable = (records: readonly ResourceRecord[]) => records.filter((record) => mayRead(reader, record));
  const cluster = remembering(async (keys) => {
    const found = readable(await resources.byUidsOrNames('Cluster', keys));
    const byName = found.map((record) => [record.name, record] as const);
    const byRef = new Map([...byName, ...found.map((record) => [record.uid, record] as const)]);
    return keys.map((key) => byRef.get(key));
  });
  const names = new Map<string, string>();
  const resource = aligned('uid', async (keys) => {
    const found = await resources.byUids(keys);
    for (const { uid, name } of found) names.set(uid, name);
    return readable(found);
  });
  const nameOf = async (uid: string) => {
    await resource.load(uid);
    return names.get(uid);
  };
  return {
    ...{ resource, nameOf },
    cluster: cluster.loader,
    clusterNow: cluster.now,
    policies: new DataLoader(async (keys) => {
      const policies = readable(await resources.all([...POLICY_KINDS]));
      return keys.map(() => policies);
    }),
  };
}

/** What is told of global namespaces. */
function namespaceLoaders(reads: TenantReads, shared: SharedReads) {
  return {
    head: aligned('gns', (keys) => reads.heads.list(keys)),
    targetsOfGns: grouped('gns', (keys) => reads.targets.ofGns(keys)),
    appliedOfGns: grouped('gns', (keys) => reads.targets.applied({ gns: keys })),
    holdsOfGns: grouped('gns', () => reads.holds.list({})),
    members: grouped('gns', (keys) => reads.members.list(keys)),
    vips: grouped('gns', (keys) => reads.vips.list(keys)),
    ports: grouped('gns', (keys) => reads.ports.list(keys)),
    sloReportsOfGns: grouped('gns', (keys) => shared.read((tx) => tx.sloStates.reports({ gns: keys }))),
    sloReportsOfPolicy: grouped('slo', (keys) => shared.read((tx) => tx.sloStates.reports({ slo: keys }))),
  } satisfies Partial<Loaders>;
}

/** What is told of clusters. */
function clusterLoaders(reads: TenantReads, shared: SharedReads) {
  const session = remembering(alignedBy('cluster', (keys) => reads.sessions.list(keys)));
  return {
    session: session.loader,
    sessionNow: session.now,
    inventoryHead: aligned('cluster', (keys) => reads.inventory.heads(keys)),
    inventoryNamespaces: grouped('cluster', (keys) => shared.read((tx) => tx.inventory.namespaces(keys))),
    targetsOfCluster: grouped('cluster', (keys) => reads.targets.ofCluster(keys)),
    appliedOfCluster: grouped('cluster', (keys) => reads.targets.applied({ cluster: keys })),
    holdsOfCluster: grouped('cluster', () => reads.holds.list({})),
    life: aligned('cluster', () => reads.lives.list()),
    enrolment: aligned('cluster', (keys) => reads.enrolments.newest(keys)),
    refusals: new DataLoader<string, RefusalRecord[]>(async (keys) => {
      const all = await reads.refusals.list(keys);
      return keys.map((key) => all.filter(({ cluster }) => cluster === key || cluster === ''));
    }),
    lineStops: grouped('cluster', (keys) => reads.lineStops.list(keys)),
  } satisfies Partial<Loaders>;
}

async function tokensOfServiceAccounts(tx: TenantTx): Promise<TokenRecord[]> {
  return (await tx.tokens.list()).filter(({ ownerKind }) => ownerKind === 'SERVICE_ACCOUNT');
}

type Batch<T> = (keys: readonly string[]) => Promise<T[]>;
type Rows<T> = (keys: readonly string[]) => Promise<readonly T[]>;

/** One of each key, which is in that field, from one read of all keys. */
function aligned<K extends string, T extends Record<K, string>>(
  field: K,
  read: Rows<T>,
): DataLoader<string, T | undefined> {
  return new DataLoader(alignedBy(field, read));
}

function alignedBy<K extends string, T extends Record<K, string>>(field: K, read: Rows<T>): Batch<T | undefined> {
  return async (keys) => {
    const byKey = new Map((await read(keys)).map((row) => [row[field] as string, row]));
    return keys.map((key) => byKey.get(key));
  };
}

/** All of each key, which is in that field, from one read of all keys. */
function grouped<K extends string, T extends Record<K, string>>(field: K, read: Rows<T>): DataLoader<string, T[]> {
  return new DataLoader(async (keys) => {
    const byKey = groupBy(await read(keys), (row) => row[field]);
    return keys.map((key) => byKey.get(key) ?? []);
  });
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

function secrecyLoader(reads: SharedReads, reader: Reader): Loaders['secrecy'] {
  return new DataLoader(async (keys) => {
    const isOpen = readsEverything(reader);
    const secrecy = isOpen ? NOTHING_HIDDEN : await reads.read((tx) => secrecyIn(tx, reader));
    return keys.map(() => secrecy);
  });
}
