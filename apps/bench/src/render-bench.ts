import {
  assumeServed,
  buildTree,
  compileCatalog,
  compilePolicy,
  joinView,
  type GnsView,
  type LocalFacts,
} from '@isthmus/domain';
import { rendererFor } from '@isthmus/meshes';
import { newReport, type BenchReport, type Measurement } from './report.js';
import { summarise } from './percentiles.js';
import { timeEach } from './stopwatch.js';
import { syntheticFleet, type FleetSize } from './synthetic-fleet.js';

const FULL_ROUNDS = 5;
const HOST_ROUNDS = 200;

function viewOf(size: FleetSize): { view: GnsView; local: LocalFacts } {
  const fleet = syntheticFleet(size);
  const input = { ...fleet, vips: [], portContracts: [], memberStates: [] };
  const policy = compilePolicy({ gns: fleet.gns, policies: [], clusters: fleet.clusters, compilerVersion: 1 });
  const joined = joinView(policy.tree ?? buildTree([]), assumeServed(compileCatalog(input).tree));
  if (joined.view === undefined) throw new Error('the made-up fleet does not compile');
  const namespaces = (fleet.inventories.get('cluster-0')?.namespaces ?? []).map(({ name, labels }) => ({
    name,
    labels,
  }));
  return {
    view: joined.view,
    local: { cluster: 'cluster-0', namespaces, agentNamespace: 'isthmus-system', dnsCapture: true },
  };
}

function measurement(name: string, raw: number[], floor?: string): Measurement {
  return { name, unit: 'ms', raw, summary: summarise(raw), floor };
}

/** Renders one cluster's Istio objects of a made-up fleet, whole and one host; the floor is serialising the same objects as JSON. */
export function renderBench(size: FleetSize, now: Date): BenchReport {
  const { view, local } = viewOf(size);
  const renderer = rendererFor('istio');
  const { objects } = renderer.render(view, local);
  const report = newReport('render', { ...size, objects: objects.length }, now);

  const floor = timeEach(FULL_ROUNDS, () => {
    for (const { object } of objects) JSON.stringify(object);
  });
  const full = timeEach(FULL_ROUNDS, () => void renderer.render(view, local));
  const prepared = renderer.prepare(view, local);
  const one = timeEach(HOST_ROUNDS, (round) => {
    const host = view.hosts[Math.max(0, round) % view.hosts.length];
    if (host !== undefined) prepared.host(host);
  });
  report.measurements.push(
    measurement('floor: JSON of every object', floor),
    measurement('one cluster, full render', full, 'floor: JSON of every object'),
    measurement('one host', one),
  );
  return report;
}
