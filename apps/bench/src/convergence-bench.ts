import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore, type Store } from '@isthmus/store';
import { ChangeLog, delaysOf, type Change } from './convergence-changes.js';
import { fleetDocuments, layOutClusters, oneService, policyDocument, type BenchCluster } from './convergence-fleet.js';
import { measureFloor, type Floor } from './convergence-floor.js';
import { lastLines, startDurablePostgres, startProduct, type RunningProduct } from './convergence-product.js';
import { untilSettled } from './convergence-settled.js';
import { filesOfModes, renderedTexts, watchModes, type RenderedTexts } from './convergence-watch.js';
import { quantile, summarise } from './percentiles.js';
import { newReport, type BenchReport, type Measurement } from './report.js';

/** How much is measured. */
export interface ConvergenceSize {
  clusters: number;
  changes: number;
  /** Changes a second, whether or not earlier ones have arrived. */
  rate: number;
}

const MODES = ['PERMISSIVE', 'STRICT'];
const FLOOR_ROUNDS = 200;
/** How long the last changes may take to be seen. */
const LAST_MS = 15_000;
const WARM_UP_CHANGES = 10;

/** Changes one policy again and again and measures until the last of the clusters shows it in its files. */
export async function convergenceBench(size: ConvergenceSize, now: Date): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await startDurablePostgres(folder);
    stops.unshift(() => postgres.stop());
    const floor = await measureFloor(postgres.url, folder, FLOOR_ROUNDS);
    const product = await startProduct(folder, postgres);
    stops.unshift(() => product.stop());
    const clusters = await startFleet(product, folder, size.clusters);
    const store = createStore({ connectionString: postgres.url, poolSize: 1, applicationName: 'bench' });
    stops.unshift(() => store.close());
    const run: Run = { product, store, clusters, modes: await learnModes(product, clusters) };
    await drive(run, { ...size, changes: WARM_UP_CHANGES });
    return reportOf(size, now, { floor, driven: await drive(run, size) });
  } catch (error) {
    throw new Error(`the measurement failed; the last lines of the logs:\n${await lastLines(folder)}`, {
      cause: error,
    });
  } finally {
    for (const stop of stops) await stop().catch(() => undefined);
  }
}

interface Run {
  product: RunningProduct;
  store: Store;
  clusters: BenchCluster[];
  /** By cluster and mode: the files that a change of mode changes. */
  modes: Map<string, Map<string, RenderedTexts>>;
}

async function startFleet(product: RunningProduct, folder: string, count: number): Promise<BenchCluster[]> {
  const clusters = await layOutClusters(join(folder, 'clusters'), count, oneService);
  await product.apply(fleetDocuments(count, 'STRICT'));
  for (const cluster of clusters) await product.startAgent(cluster);
  return clusters;
}

/** Goes through the modes once and remembers what every cluster renders for each. */
async function learnModes(product: RunningProduct, clusters: BenchCluster[]): Promise<Run['modes']> {
  const texts = new Map(clusters.map(({ name }) => [name, new Map<string, RenderedTexts>()]));
  for (const mode of MODES) {
    await product.apply(policyDocument(mode));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await untilSettled(product, clusters.length);
    for (const cluster of clusters) texts.get(cluster.name)?.set(mode, renderedTexts(cluster));
  }
  return new Map([...texts].map(([name, byMode]) => [name, filesOfModes(byMode)]));
}

/** What one series of changes showed. */
interface Driven {
  changes: Change[];
  /** Milliseconds after sending: the change was committed, the pointers of the clusters were. */
  committed: number[];
  moved: number[];
}

async function drive(run: Run, size: ConvergenceSize): Promise<Driven> {
  const log = new ChangeLog();
  const driven: Driven = { changes: log.changes, committed: [], moved: [] };
  const closers = [...run.modes].map(([name, modes]) => watchModes(modes, (mode, at) => log.show(name, mode, at)));
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
  return driven;
}

/** Open loop: the next change is sent when its time has come. */
async function sendAll({ product }: Run, log: ChangeLog, { changes, rate }: ConvergenceSize): Promise<void> {
  const begin = performance.now();
  const answers: Promise<void>[] = [];
  for (let index = 0; index < changes; index += 1) {
    const wait = begin + (index * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const mode = MODES[index % MODES.length] ?? '';
    const change = log.send(mode);
    answers.push(
      product.apply(policyDocument(mode)).then(() => {
        change.returned = performance.now();
      }),
    );
  }
  await Promise.all(answers);
}

async function untilShown(log: ChangeLog, clusters: number): Promise<void> {
  const deadline = performance.now() + LAST_MS;
  while (!log.isComplete(clusters)) {
    if (performance.now() > deadline)
      throw new Error('not every change was seen in every cluster: they overtook each other; lower --rate');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const FLOOR = 'floor: 2 commits, TLS round trip, file';

function reportOf(size: ConvergenceSize, now: Date, { floor, driven }: { floor: Floor; driven: Driven }): BenchReport {
  const report = newReport('convergence', { ...size, agents: 'one process a cluster', queue: 'postgres' }, now);
  const add = (name: string, raw: number[], compare?: string): void => {
    const measured: Measurement = { name, unit: 'ms', raw, summary: summarise(raw), floor: compare };
    report.measurements.push(measured);
  };
  const delays = driven.changes.map(delaysOf);
  add('floor: two durable commits', floor.commits);
  add('floor: TLS WebSocket round trip', floor.roundTrip);
  add('floor: atomic file write', floor.fileWrite);
  add(FLOOR, floor.total);
  add(
    'mutation sent → returned',
    driven.changes.map(({ sent, returned }) => (returned ?? sent) - sent),
  );
  add('mutation sent → commit heard', driven.committed);
  add('mutation sent → pointers moved', driven.moved);
  add(
    'returned → first cluster',
    delays.map((some) => quantile(some, 0)),
    FLOOR,
  );
  add(
    'returned → median cluster',
    delays.map((some) => quantile(some, 0.5)),
    FLOOR,
  );
  add(
    'returned → last cluster',
    delays.map((some) => quantile(some, 1)),
    FLOOR,
  );
  return report;
}
