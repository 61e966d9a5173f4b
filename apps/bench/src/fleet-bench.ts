import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  fleetDocuments,
  layOutClusters,
  policyDocument,
  shareOfServices,
  type BenchCluster,
} from './convergence-fleet.js';
import { lastLines, startDurablePostgres, startProduct, type RunningProduct } from './convergence-product.js';
import { untilQuiet } from './fleet-settled.js';
import { summarise } from './percentiles.js';
import { processUse, type ProcessUse } from './process-use.js';
import { newReport, type BenchReport, type Measurement } from './report.js';

/** How much is measured: `hosts` services, each in one of the clusters, and changes of the policy of all of them. */
export interface FleetBenchSize {
  hosts: number;
  clusters: number;
  changes: number;
}

const MODES = ['STRICT', 'PERMISSIVE'];

/** Brings up clusters with very many services, one process an agent, and measures until every file is written; then changes the policy. */
export async function fleetBench(size: FleetBenchSize, now: Date): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await startDurablePostgres(folder);
    stops.unshift(() => postgres.stop());
    const product = await startProduct(folder, postgres);
    stops.unshift(() => product.stop());
    const clusters = await layOutClusters(join(folder, 'clusters'), size.clusters, (index) =>
      shareOfServices(size.hosts, { index, clusters: size.clusters }),
    );
    await product.apply(fleetDocuments(size.clusters, MODES[0] ?? ''));
    return await measure(size, now, { product, clusters });
  } catch (error) {
    throw new Error(`the measurement failed; the last lines of the logs:\n${await lastLines(folder)}`, {
      cause: error,
    });
  } finally {
    for (const stop of stops) await stop().catch(() => undefined);
  }
}

interface RunningFleet {
  product: RunningProduct;
  clusters: readonly BenchCluster[];
}

async function measure(size: FleetBenchSize, now: Date, fleet: RunningFleet): Promise<BenchReport> {
  const { product, clusters } = fleet;
  const begin = performance.now();
  const agents: number[] = [];
  for (const cluster of clusters) agents.push(await product.startAgent(cluster));
  const first = await untilQuiet(fleet, begin);
  const report = newReport('fleet', { ...size, files: first.files.join(' '), agents: 'one process a cluster' }, now);
  const add = (name: string, unit: Measurement['unit'], raw: number[]): void => {
    report.measurements.push({ name, unit, raw, summary: summarise(raw) });
  };
  add('agent started → all files written', 'ms', first.lastWriteMs);
  add('agents started → in sync everywhere', 'ms', [first.inSyncMs]);
  await addUse(add, 'until then', { product, agents });
  const [mutations, applied]: [number[], number[]] = [[], []];
  const before = await usesOf([product.pids.api]);
  for (let change = 1; change <= size.changes; change += 1) {
    const sent = performance.now();
    await product.apply(policyDocument(MODES[change % MODES.length] ?? ''));
    mutations.push(performance.now() - sent);
    applied.push((await untilQuiet(fleet, sent)).inSyncMs);
  }
  const after = await usesOf([product.pids.api]);
  add('policy changed: mutation sent → returned', 'ms', mutations);
  add('policy changed: mutation sent → in sync everywhere', 'ms', applied);
  add('policy changed: CPU of the API and gateway, each', 'ms', [
    ((after[0]?.cpuMs ?? 0) - (before[0]?.cpuMs ?? 0)) / size.changes,
  ]);
  await addUse(add, 'in the end', { product, agents });
  return report;
}

async function addUse(
  add: (name: string, unit: Measurement['unit'], raw: number[]) => void,
  when: string,
  { product, agents }: { product: RunningProduct; agents: readonly number[] },
): Promise<void> {
  const uses = await usesOf(agents);
  const [api, worker] = await usesOf([product.pids.api, product.pids.worker]);
  const peaks = (some: readonly (ProcessUse | undefined)[]): number[] => some.map((use) => use?.peakMiB ?? Number.NaN);
  const cpu = (some: readonly (ProcessUse | undefined)[]): number[] => some.map((use) => use?.cpuMs ?? Number.NaN);
  add(`agent, ${when}: CPU`, 'ms', cpu(uses));
  add(`agent, ${when}: peak memory`, 'MiB', peaks(uses));
  add(`API and gateway, ${when}: CPU`, 'ms', cpu([api]));
  add(`API and gateway, ${when}: peak memory`, 'MiB', peaks([api]));
  add(`worker, ${when}: CPU`, 'ms', cpu([worker]));
  add(`worker, ${when}: peak memory`, 'MiB', peaks([worker]));
}

function usesOf(pids: readonly number[]): Promise<ProcessUse[]> {
  return Promise.all(pids.map((pid) => processUse(pid)));
}
