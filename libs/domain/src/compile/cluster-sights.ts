import type { ClusterInventory } from '../inventory/types.js';
import type { Cluster } from '../resources/types.js';
import type { Candidate } from './candidate.js';
import type { CatalogInput } from './catalog-input.js';
import type { CatalogMemo, KnownCluster } from './catalog-memo.js';
import { memberClusterNames } from './cluster-selection.js';
import { scanCluster, type NamespaceScan } from './namespace-scan.js';

type Scans = ReadonlyMap<string, NamespaceScan>;

const NO_SCANS: Scans = new Map();

function unreadableIn(inventory: ClusterInventory | undefined): Set<string> {
  const hidden = (inventory?.namespaces ?? []).filter(({ readable }) => !readable);
  return new Set(hidden.map(({ name }) => name));
}

function isSameCluster(known: KnownCluster, next: Omit<KnownCluster, 'sight'>): boolean {
  return known.key === next.key && known.isMember === next.isMember && known.inventory === next.inventory;
}

function see(input: CatalogInput, cluster: Cluster, context: { isMember: boolean; memo: CatalogMemo }): KnownCluster {
  const { isMember, memo } = context;
  const { name, labels = {} } = cluster.metadata;
  const inventory = input.inventories.get(name);
  const key = JSON.stringify([name, labels]);
  const known = memo.clusters.get(name);
  if (known !== undefined && isSameCluster(known, { key, isMember, inventory })) return known;
  const { gns, clusterGroups = [], labelKeys = [] } = input;
  const scope = { gns, cluster, clusterGroups, labelKeys };
  const before = { memo, key, scans: known?.sight.scans };
  const scans = isMember && inventory !== undefined ? scanCluster(scope, inventory, before) : NO_SCANS;
  return {
    key,
    isMember,
    inventory,
    sight: { registered: true, isMember, inventory, unreadable: unreadableIn(inventory), scans },
  };
}

function without(all: readonly Candidate[], gone: ReadonlySet<Candidate>): Candidate[] {
  return all.filter((candidate) => !gone.has(candidate));
}

/** Moves the candidates of one namespace from one scan to the next; hosts of those that differ are touched. */
function moveCandidates(
  [before = [], after = []]: readonly [readonly Candidate[] | undefined, readonly Candidate[] | undefined],
  memo: CatalogMemo,
  touched: Set<string>,
): void {
  const [old, fresh] = [new Set(before), new Set(after)];
  const gone = new Set(before.filter((candidate) => !fresh.has(candidate)));
  for (const { host } of gone) {
    const record = memo.recordOf(host);
    record.candidates = without(record.candidates, gone);
    touched.add(host);
  }
  for (const candidate of after) {
    if (old.has(candidate)) continue;
    memo.recordOf(candidate.host).candidates.push(candidate);
    touched.add(candidate.host);
  }
}

function moveCluster([before, after]: readonly [Scans, Scans], memo: CatalogMemo, touched: Set<string>): void {
  if (before === after) return;
  for (const [name, scan] of before) {
    const next = after.get(name);
    if (next !== scan) moveCandidates([scan.candidates, next?.candidates], memo, touched);
  }
  for (const [name, scan] of after) if (!before.has(name)) moveCandidates([undefined, scan.candidates], memo, touched);
}

/** Looks at the clusters again and moves candidates to their hosts; adds the hosts that changed to `touched`. */
export function followClusters(input: CatalogInput, memo: CatalogMemo, touched: Set<string>): void {
  const members = new Set(input.memberClusters ?? memberClusterNames(input.gns, input));
  const clusters = new Map(
    input.clusters.map((cluster) => {
      const { name } = cluster.metadata;
      return [name, see(input, cluster, { isMember: members.has(name), memo })] as const;
    }),
  );
  for (const [name, { sight }] of memo.clusters) {
    if (!clusters.has(name)) moveCluster([sight.scans, NO_SCANS], memo, touched);
  }
  for (const [name, { sight }] of clusters)
    moveCluster([memo.clusters.get(name)?.sight.scans ?? NO_SCANS, sight.scans], memo, touched);
  memo.clusters = clusters;
}
