import {
  CatalogMemo,
  compileCatalog,
  compilePolicy,
  sha256Hex,
  type CatalogInput,
  type ClusterInventory,
  type MemberStateRow,
  type PortContractRow,
  type VipRow,
} from '@isthmus/domain';
import { newReport, type BenchReport, type Measurement } from './report.js';
import { summarise } from './percentiles.js';
import { timeEach } from './stopwatch.js';
import { redeployed, syntheticFleet, type FleetSize, type SyntheticFleet } from './synthetic-fleet.js';

const FULL_ROUNDS = 5;
const INCREMENTAL_ROUNDS = 100;

function measurement(name: string, raw: number[], floor?: string): Measurement {
  return { name, unit: 'ms', raw, summary: summarise(raw), floor };
}

function inputOf(fleet: SyntheticFleet, inventories: Map<string, ClusterInventory>, recorded: Recorded): CatalogInput {
  return { gns: fleet.gns, clusters: fleet.clusters, inventories, ...recorded };
}

interface Recorded {
  vips: VipRow[];
  portContracts: PortContractRow[];
  memberStates: MemberStateRow[];
}

/** Compiles policy and catalog of a made-up fleet, whole and after one service's deploy; the floor is hashing the catalog's bytes. */
export function compileBench(size: FleetSize, now: Date): BenchReport {
  const fleet = syntheticFleet(size);
  const empty: Recorded = { vips: [], portContracts: [], memberStates: [] };
  const first = compileCatalog(inputOf(fleet, fleet.inventories, empty));
  const recorded: Recorded = {
    vips: first.newVips,
    portContracts: first.newPortContracts,
    memberStates: first.desiredMembers.map((member) => ({ ...member, state: 'served' })),
  };
  const bodies = [...first.tree.entries.values()].map((item) => item.body);
  const report = newReport('compile', { ...size, entries: bodies.length }, now);

  const hash = timeEach(FULL_ROUNDS, () => {
    for (const body of bodies) sha256Hex(body);
  });
  const full = timeEach(FULL_ROUNDS, () => void compileCatalog(inputOf(fleet, fleet.inventories, recorded)));
  const memo = new CatalogMemo();
  compileCatalog(inputOf(fleet, fleet.inventories, recorded), memo);
  const variants = Array.from({ length: INCREMENTAL_ROUNDS }, (_, round) =>
    redeployed(fleet, round % size.hosts, round + 1),
  );
  const incremental = timeEach(INCREMENTAL_ROUNDS, (round) => {
    compileCatalog(inputOf(fleet, variants[Math.max(0, round)] ?? fleet.inventories, recorded), memo);
  });
  const policy = timeEach(INCREMENTAL_ROUNDS, () => {
    compilePolicy({ gns: fleet.gns, policies: [], clusters: fleet.clusters, compilerVersion: 1 });
  });

  report.measurements.push(
    measurement('floor: SHA-256 of every entry', hash),
    measurement('catalog, full compile', full, 'floor: SHA-256 of every entry'),
    measurement('catalog, after one deploy', incremental),
    measurement('policy tree', policy),
  );
  return report;
}
