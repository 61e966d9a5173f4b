import { setMaxListeners } from 'node:events';
import { FIELD_MANAGER } from '@isthmus/domain';
import type { KubeObjectRef } from '@isthmus/domain';
import type { KubeClient, ReflectorOptions } from '@isthmus/kube';
import { orThrow, ownedPart } from '@isthmus/kube';
import { isLabelled } from '@isthmus/plan';
import type { Clock } from '@isthmus/platform';
import type { ClusterPort, HoldOutcome, InventoryReading, ReadObject } from '../cluster-port.js';
import { ActingLease, type LeaseTimes } from './acting-lease.js';
import { ClusterInventoryView } from './cluster-inventory.js';
import { ClusterSignals } from './cluster-signals.js';
import { ExtensionRights } from './extension-rights.js';
import { NAMESPACE } from './inventory-kinds.js';
import { isGone, ObjectWrites } from './object-writes.js';
import { OwnedViews } from './owned-views.js';
import { RecordConfigMaps } from './record-config-maps.js';
import { ServedKinds, type ServedTimes } from './served-kinds.js';

export interface KubernetesClusterOptions {
  client: KubeClient;
  /** Namespace of the record and the Lease. */
  agentNamespace: string;
  /** Namespace of the mesh's control plane; default `istio-system`. */
  meshNamespace?: string;
  /** Names this process in the Lease. */
  holder: string;
  clock: Clock;
  random: () => number;
  leaseTimes?: LeaseTimes;
  /** Called when this agent becomes the acting one, or ceases to be. */
  acting?: (isActing: boolean) => void;
  /** Called once for each new reason why the Lease cannot be read or written. */
  leaseFailed?: (reason: string) => void;
  /** How long `hold` waits for another agent to go; default until `signal`. */
  patienceMs?: number;
  /** Ends what waits. */
  signal?: AbortSignal;
  /** Writes and reads under way at once; default 8. */
  parallel?: number;
  /** When kinds are asked for again. */
  servedTimes?: Partial<ServedTimes>;
  tuning?: Pick<ReflectorOptions, 'pageSize' | 'stallMs' | 'graceMs' | 'backoffMs'>;
  /** How often a change may be passed on; default 1 s. */
  changeEveryMs?: number;
  /** How long what may wait of the record does; default 3 s. */
  recordLaterMs?: number | undefined;
}

export interface KubernetesCluster extends ClusterPort {
  readonly kind: 'kubernetes';
  readonly isActing: boolean;
  hold(): Promise<HoldOutcome>;
  close(): Promise<void>;
}

/** Small pages: eight lists begin together, and a page is in memory as bytes, text and objects at once. */
const PAGE_SIZE = 100;
const SETTLE_MS = 15_000;
const LEASE_NAME = 'isthmus-agent';

/** A real cluster. Views begin when they are first asked for; nothing is written before `hold` has taken the Lease. */
export function openKubernetesCluster(options: KubernetesClusterOptions): KubernetesCluster {
  const { client, agentNamespace: namespace, holder, clock, meshNamespace = 'istio-system' } = options;
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const signals = new ClusterSignals(options.changeEveryMs ?? 1000);
  const lease = new ActingLease({
    ...{ client, namespace, name: LEASE_NAME, holder, clock, times: options.leaseTimes, failed: options.leaseFailed },
    changed: (isActing) => {
      options.acting?.(isActing);
      signals.acting.note(undefined);
    },
  });
  const context = {
    ...{ client, random: options.random, tuning: { pageSize: PAGE_SIZE, ...options.tuning }, signal: abort.signal },
  };
  const owned = new OwnedViews({ ...context, changed: (key) => signals.owned.note(key) });
  const isActing = (): boolean => lease.isActing;
  const writes = new ObjectWrites(client, owned, isActing);
  const record = new RecordConfigMaps({ client, namespace, isActing, laterMs: options.recordLaterMs });
  const extensions = new ExtensionRights(client, { namespace, clock });
  const served = new ServedKinds(client.discovery, options.servedTimes);
  let view: ClusterInventoryView | undefined;
  const inventory = (): ClusterInventoryView => {
    const told = { changed: () => signals.content.note(undefined), servedKinds: () => served.kinds };
    view ??= new ClusterInventoryView({ ...context, ...told, meshNamespace });
    return view;
  };
  const close = async (): Promise<void> => {
    abort.abort();
    signals.close();
    await record.flush().catch(() => undefined);
    await lease.stop();
    client.close();
  };
  return {
    kind: 'kubernetes',
    parallel: options.parallel ?? 8,
    get isActing() {
      return lease.isActing;
    },
    uid: () => clusterUid(client),
    hold: () => take(lease, options, close),
    readInventory: () => settledReading(inventory(), served),
    watch: (changed) => signals.watch(changed),
    loadRecord: () => record.load(),
    async saveRecord(wanted) {
      if (!lease.isActing) throw new Error('this agent is not the acting one; another holds the Lease');
      await record.save(wanted);
    },
    observe: (ref) => owned.observe(ref),
    read: (ref) => readOurs(client, ref),
    deniedKinds: () => extensions.denied(),
    apply: (object) => writes.apply(object),
    remove: (ref, uid) => writes.remove(ref, uid),
    close,
  };
}

/** Waits until this agent holds the Lease, or says who does. */
async function take(
  lease: ActingLease,
  options: KubernetesClusterOptions,
  release: () => Promise<void>,
): ReturnType<KubernetesCluster['hold']> {
  await lease.start();
  if (await untilActing(lease, options)) return { outcome: 'held', release };
  if (lease.failure !== undefined)
    throw new Error(`the Lease ${options.agentNamespace}/${LEASE_NAME} cannot be taken: ${lease.failure}`);
  return { outcome: 'taken', by: lease.holder ?? 'nobody yet' };
}

/** Only what we applied: the fields of others are not ours to keep. */
async function readOurs(client: KubeClient, ref: KubeObjectRef): Promise<ReadObject> {
  const read = await client.get(ref);
  if (read.ok)
    return isLabelled(read.value)
      ? { state: 'ours', object: ownedPart(read.value, FIELD_MANAGER) }
      : { state: 'absent' };
  return isGone(read.failure) ? { state: 'absent' } : { state: 'unknown', reason: read.failure.message };
}

/** The uid of kube-system lives and dies with the cluster's data. */
async function clusterUid(client: KubeClient): Promise<string> {
  const read = orThrow('the cluster has no identity', await client.getOf(NAMESPACE, { name: 'kube-system' }));
  return read.metadata.uid ?? '';
}

async function untilActing(lease: ActingLease, { patienceMs, signal }: KubernetesClusterOptions): Promise<boolean> {
  const end = performance.now() + (patienceMs ?? Number.POSITIVE_INFINITY);
  while (!lease.isActing && signal?.aborted !== true && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return lease.isActing;
}

async function settledReading(view: ClusterInventoryView, served: ServedKinds): Promise<InventoryReading> {
  const [hasNews] = await Promise.all([served.follow(), settled(view)]);
  if (hasNews) view.forget();
  return view.read();
}

async function settled(view: ClusterInventoryView): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (!view.isSettled && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}
