import type { ClusterEntry } from '../intent/entries.js';
import { hostName } from '../intent/host-name.js';
import { parseClusterEntry } from '../intent/parse-entry.js';
import type { Issue } from '../issues/issue.js';
import { byCodeUnit } from '../tree/canonical.js';
import type { CatalogInput } from './catalog-input.js';
import type { CatalogMemo } from './catalog-memo.js';
import { clusterEntry } from './cluster-entry.js';
import { followClusters } from './cluster-sights.js';
import { affectedClusters } from './consumers.js';
import { reviewHost, unseenIssue } from './host-records.js';

/** What a plan looked at; the hosts themselves are in the memo. */
export interface CatalogPlan {
  /** Hosts that were looked at again; the others are as they were. */
  touched: ReadonlySet<string>;
  /** Hosts that other members ask for than before. */
  moved: ReadonlySet<string>;
  clusters: ClusterEntry[];
}

function previousCluster(input: CatalogInput, name: string): ClusterEntry | undefined {
  const item = input.previous?.entries.get(`cluster/${name}`);
  const parsed = item && parseClusterEntry(item.body);
  return parsed?.ok === true ? parsed.value : undefined;
}

/** Clusters with members that no scan found; all others are member clusters. */
function unfoundClusters(memo: CatalogMemo): Set<string> {
  const names = new Set<string>();
  for (const host of memo.watched.unfound)
    for (const cluster of memo.hosts.get(host)?.unfoundIn ?? []) names.add(cluster);
  return names;
}

function clusterEntries(input: CatalogInput, memo: CatalogMemo): ClusterEntry[] {
  const reached = new Set([
    ...affectedClusters(input.gns, input),
    ...(input.memberClusters ?? []),
    ...unfoundClusters(memo),
  ]);
  return input.clusters
    .filter((cluster) => reached.has(cluster.metadata.name))
    .map((cluster) => {
      const { name } = cluster.metadata;
      return clusterEntry(cluster, input.inventories.get(name), previousCluster(input, name));
    })
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

function keyOfSpecs({ gns, clusterGroups = [], labelKeys = [] }: CatalogInput): string {
  return JSON.stringify([
    gns.metadata.project,
    gns.metadata.name,
    gns.spec,
    clusterGroups.map(({ metadata, spec }) => [metadata.name, spec]),
    labelKeys,
  ]);
}

/** Claims are few and come from elsewhere: hosts that they name, and that they named before, are looked at each time. */
function touchClaimed(input: CatalogInput, memo: CatalogMemo, touched: Set<string>): void {
  for (const host of memo.watched.claimed) touched.add(host);
  for (const key of input.claims?.keys() ?? []) {
    const [, namespace = '', name = ''] = key.split('/');
    const host = hostName(input.gns.spec, { name, namespace });
    if (memo.hosts.has(host)) touched.add(host);
  }
}

/** Plans the catalog: who is a member of what host, by rules, inventory, claims and port contracts. */
export function planCatalog(input: CatalogInput, memo: CatalogMemo): CatalogPlan {
  memo.under(keyOfSpecs(input));
  const touched = new Set(memo.watched.unfound);
  const isFirst = memo.hosts.size === 0;
  followClusters(input, memo, touched);
  for (const rows of [memo.rows.follow(input.memberStates), memo.contracts.follow(input.portContracts)])
    for (const { host } of [...rows.gone, ...rows.fresh]) touched.add(host);
  if (!isFirst) touchClaimed(input, memo, touched);
  const moved = new Set<string>();
  for (const host of touched) {
    memo.unwritten.add(host);
    if (reviewHost(input, host, memo)) moved.add(host);
  }
  return { touched, moved, clusters: clusterEntries(input, memo) };
}

/** Everything that there is to say, as the lists that it is kept in. */
export function issueSources(input: CatalogInput, memo: CatalogMemo): (readonly Issue[])[] {
  const sources: (readonly Issue[])[] = [];
  for (const { sight } of memo.clusters.values()) for (const { issues } of sight.scans.values()) sources.push(issues);
  for (const host of memo.watched.telling) {
    const record = memo.hosts.get(host);
    sources.push(record?.plan?.issues ?? [], record?.unseen ?? []);
  }
  const unknown = [...memo.clusters].filter(([, { isMember, inventory }]) => isMember && inventory === undefined);
  sources.push(unknown.map(([name]) => unseenIssue(input, name, 'the inventory of the cluster')));
  return sources.filter((issues) => issues.length > 0);
}
