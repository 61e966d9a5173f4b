import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore, type Store } from '@isthmus/store';
import { ChangeLog, delaysOf, type Change } from './convergence-changes.js';
import { fleetDocuments, layOutClusters, oneService, timeoutDocument, type BenchCluster } from './convergence-fleet.js';
import { measureFloor, type Floor } from './convergence-floor.js';
import { measureApplies, KubeSight, startKubeCluster, type KubeCluster } from './kube-fleet.js';
import { lastLines, startDurablePostgres, startProduct, type RunningProduct } from './convergence-product.js';
import { untilSettled } from './convergence-settled.js';
import { directorySight, type Sight } from './convergence-watch.js';
import { quantile, summarise } from './percentiles.js';
import { processUse } from './process-use.js';
import { newReport, type BenchReport, type Measurement } from './report.js';

/** How much is measured. */
export interface ConvergenceSize {
  clusters: number;
  changes: number;
  /** Changes a second, whether or not earlier ones have arrived. */
  rate: number;
  /** What the clusters are: folders, or real apiservers. */
  port: 'directory' | 'kubernetes';
}

/** Odd milliseconds from here on: none is written in whole seconds. */
const FIRST_MARKER = 100_001;
const FLOOR_ROUNDS = 200;
/** How long the last changes may take to be seen. */
const LAST_MS = 60_000;
const WARM_UP_CHANGES = 10;
/** Views that moved to another namespace are gone after 2 s. */
const MOVED_MS = 5000;

/** Changes one policy again and again and measures until the last of the clusters shows it in its files, or through its apiserver. */
export async function convergenceBench(size: ConvergenceSize, now: Date): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await startDurablePostgres(folder);
    stops.unshift(() => postgres.stop());
    const fleet = await layOutFleet(size, folder, stops);
    const floor = await measureFloor(postgres.url, folder, FLOOR_ROUNDS);
    const admins = fleet.real.map(({ admin }) => admin);
    const applies = admins.length === 0 ? undefined : await measureApplies(admins, FLOOR_ROUNDS);
    const product = await startProduct(folder, postgres);
    stops.unshift(() => product.stop());
    await product.apply(`${fleetDocuments(size.clusters, 'STRICT')}---\n${timeoutDocument(FIRST_MARKER)}`);
    const agents: number[] = [];
    for (const cluster of fleet.clusters) agents.push(await product.startAgent(cluster));
    const store = createStore({ connectionString: postgres.url, poolSize: 1, applicationName: 'bench' });
    stops.unshift(() => store.close());
    await untilSettled(product, size.clusters);
    await new Promise((resolve) => setTimeout(resolve, MOVED_MS));
    const run: Run = { product, store, ...fleet, marker: FIRST_MARKER };
    await drive(run, { ...size, changes: WARM_UP_CHANGES });
    const before = await cpuOf(agents);
    const driven = await drive(run, size);
    const after = await cpuOf(agents);
    const agentCpu = after.map((ms, index) => (ms - (before[index] ?? 0)) / size.changes);
    return reportOf(size, now, { floor, applies, driven, agentCpu });
  } catch (error) {
    throw new Error(`the measurement failed; the last lines of the logs:\n${await lastLines(folder)}`, {
      cause: error,
    });
  } finally {
    for (const stop of stops) await stop().catch(() => undefined);
  }
}

interface Fleet {
  clusters: BenchCluster[];
  sights: Sight[];
  real: KubeCluster[];
}

interface Run extends Fleet {
  product: RunningProduct;
  store: Store;
  /** Of the last change. */
  marker: number;
}

type Stops = (() => Promise<unknown>)[];

async function layOutFleet({ clusters: count, port }: ConvergenceSize, folder: string, stops: Stops): Promise<Fleet> {
  const clusters = await layOutClusters(join(folder, 'clusters'), count, oneService);
  if (port === 'directory') return { clusters, sights: clusters.map(directorySight), real: [] };
  const fleet: Fleet = { clusters, sights: [], real: [] };
  for (const cluster of clusters) {
    const real = await startKubeCluster(cluster);
    stops.unshift(() => real.stop());
    const sight = await KubeSight.open(cluster.name, real.admin);
    stops.unshift(() => Promise.resolve(sight.close()));
    fleet.real.push(real);
    fleet.sights.push(sight);
  }
  return fleet;
}

async function cpuOf(pids: readonly number[]): Promise<number[]> {
  return Promise.all(pids.map(async (pid) => (await processUse(pid)).cpuMs));
}

/** What one series of changes showed. */
interface Driven {
  changes: Change[];
  /** Of each cluster: changes that it showed only by a later one. */
  overtaken: number[];
  /** Milliseconds after sending: the change was committed, the pointers of the clusters were. */
  committed: number[];
  moved: number[];
}

async function drive(run: Run, size: ConvergenceSize): Promise<Driven> {
  const log = new ChangeLog();
  const driven: Driven = { changes: log.changes, overtaken: [], committed: [], moved: [] };
  const closers = run.sights.map((sight) => sight.watch((marker, at) => log.show(sight.name, marker, at)));
  const since = (): number => performance.now() - (log.changes.at(-1)?.sent ?? performance.now());
  const heard = [
    run.store.subscribe('outbox', ({ subject }) => {
      if (subject === 'resource.changed') driven.committed.push(since());
    }),
    run.store.subscribe('lines', ({ subject }) => {
      if (subject === 'target') driven.moved.push(since());
    }),
  ];
  await Promise.all(heard.map(({ ready }) => ready));
  await sendAll(run, log, size);
  await untilShown(log, size.clusters);
  for (const close of closers) close();
  await Promise.all(heard.map((subscription) => subscription.close()));
  driven.overtaken = log.overtaken(run.sights.map(({ name }) => name));
  return driven;
}

/** The next change is sent when its time has come, whether or not earlier ones have arrived; only their mutations wait for each other. */
async function sendAll(run: Run, log: ChangeLog, { changes, rate }: ConvergenceSize): Promise<void> {
  const begin = performance.now();
  for (let index = 0; index < changes; index += 1) {
    const wait = begin + (index * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    run.marker += 2;
    const change = log.send(run.marker);
    await run.product.apply(timeoutDocument(run.marker));
    change.returned = performance.now();
  }
}

async function untilShown(log: ChangeLog, clusters: number): Promise<void> {
  const deadline = performance.now() + LAST_MS;
  while (!log.isComplete(clusters)) {
    if (performance.now() > deadline)
      throw new Error(`${LAST_MS / 1000} s after the last change not every cluster shows it`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Measured {
  floor: Floor;
  /** Of every apiserver at once, one value a round; undefined over folders. */
  applies: number[] | undefined;
  driven: Driven;
  /** Milliseconds a change, of each agent. */
  agentCpu: number[];
}

const IN_FILES = 'floor: 2 commits, TLS round trip, file';
const IN_APISERVERS = 'floor: 2 commits, TLS round trip, apply to all';

function reportOf(size: ConvergenceSize, now: Date, { floor, applies, driven, agentCpu }: Measured): BenchReport {
  const where = size.port === 'kubernetes' ? 'an apiserver each, over one etcd without fsync' : 'folders';
  const report = newReport('convergence', { ...size, where, agents: 'one process a cluster', queue: 'postgres' }, now);
  const add = (name: string, raw: number[], compare?: string): void => {
    const measured: Measurement = { name, unit: 'ms', raw, summary: summarise(raw), floor: compare };
    report.measurements.push(measured);
  };
  add('floor: two durable commits', floor.commits);
  add('floor: TLS WebSocket round trip', floor.roundTrip);
  const total = applies === undefined ? IN_FILES : IN_APISERVERS;
  if (applies === undefined) add('floor: atomic file write', floor.fileWrite);
  else add('floor: server-side apply to every apiserver at once', applies);
  add(total, applies === undefined ? floor.total : applies.map((ms, round) => ms + withoutFile(floor, round)));
  addDelays(add, driven, total);
  add('agent: CPU of a change', agentCpu);
  const { overtaken } = driven;
  report.measurements.push({
    ...{ name: 'changes that a cluster showed only by a later one', unit: 'count', raw: overtaken },
    summary: summarise(overtaken),
  });
  return report;
}

function withoutFile({ commits, roundTrip }: Floor, round: number): number {
  return (commits[round] ?? Number.NaN) + (roundTrip[round] ?? Number.NaN);
}

function addDelays(
  add: (name: string, raw: number[], compare?: string) => void,
  { changes, committed, moved }: Driven,
  floor: string,
): void {
  const delays = changes.map(delaysOf);
  const at = (share: number): number[] => delays.map((some) => quantile(some, share));
  add(
    'mutation sent → returned',
    changes.map(({ sent, returned }) => (returned ?? sent) - sent),
  );
  add('mutation sent → commit heard', committed);
  add('mutation sent → pointers moved', moved);
  add('returned → first cluster', at(0), floor);
  add('returned → median cluster', at(0.5), floor);
  add('returned → last cluster', at(1), floor);
}
