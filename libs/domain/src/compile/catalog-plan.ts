import type { ClusterEntry } from '../intent/entries.js';
import { parseClusterEntry } from '../intent/parse-entry.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import type { Cluster } from '../resources/types.js';
import { byCodeUnit } from '../tree/canonical.js';
import { gnsRef, type Candidate } from './candidate.js';
import type { CatalogInput, LeavingMember, MemberStateRow } from './catalog-input.js';
import type { CatalogMemo } from './catalog-memo.js';
import { clusterEntry } from './cluster-entry.js';
import { memberClusterNames } from './cluster-selection.js';
import { affectedClusters } from './consumers.js';
import { planHost, type HostInput, type HostPlan } from './host-plan.js';
import { memberEntryName, memberKey, serviceKey } from './member-key.js';
import { scanCluster } from './namespace-scan.js';
import { judgeRecorded, restoreMember, type ClusterSight } from './recorded-members.js';

/** A catalog before states and addresses: hosts as planned, and the facts of the clusters. */
export interface CatalogPlan {
  hosts: HostPlan[];
  clusters: ClusterEntry[];
  /** Recorded members that are gone, as observed or decided. */
  deleted: LeavingMember[];
  issues: Issue[];
}

interface Gathered {
  hosts: Map<string, { candidates: Candidate[]; leaving: Candidate[] }>;
  deleted: LeavingMember[];
  issues: Issue[];
}

function sightOf(
  input: CatalogInput,
  cluster: Cluster,
  context: { isMember: boolean; memo: CatalogMemo },
): ClusterSight {
  const inventory = input.inventories.get(cluster.metadata.name);
  const { isMember, memo } = context;
  const unreadable = new Set((inventory?.namespaces ?? []).filter(({ readable }) => !readable).map(({ name }) => name));
  const scope = { gns: input.gns, cluster, clusterGroups: input.clusterGroups ?? [] };
  const clusterKey = JSON.stringify([cluster.metadata.name, cluster.metadata.labels ?? {}]);
  const scans = isMember && inventory !== undefined ? scanCluster(scope, inventory, { memo, clusterKey }) : new Map();
  return { registered: true, isMember, inventory, unreadable, scans };
}

function hostOf(gathered: Gathered, host: string): { candidates: Candidate[]; leaving: Candidate[] } {
  const known = gathered.hosts.get(host) ?? { candidates: [], leaving: [] };
  gathered.hosts.set(host, known);
  return known;
}

function gatherScans(sights: ReadonlyMap<string, ClusterSight>, gathered: Gathered): Set<string> {
  const found = new Set<string>();
  for (const { scans } of sights.values()) {
    for (const scan of scans.values()) {
      gathered.issues.push(...scan.issues);
      for (const candidate of scan.candidates) {
        found.add(candidate.entryName);
        hostOf(gathered, candidate.host).candidates.push(candidate);
      }
    }
  }
  return found;
}

function unseenIssue(input: CatalogInput, cluster: string, place: string): Issue {
  return issue('ISM0240', {
    message: `${place} cannot be seen; what was known of it is kept`,
    resource: gnsRef(input.gns),
    cluster,
  });
}

function gatherRecorded(
  input: CatalogInput,
  rows: readonly MemberStateRow[],
  { sights, gathered }: { sights: ReadonlyMap<string, ClusterSight>; gathered: Gathered },
): void {
  for (const row of rows) {
    const sight = sights.get(row.cluster);
    const verdict = judgeRecorded(row, sight);
    if (verdict === 'DELETED') {
      gathered.deleted.push({ ...memberKey(row), cause: 'DELETED' });
      continue;
    }
    const candidate = restoreMember(input.previous, row);
    if (candidate === undefined) continue;
    const host = hostOf(gathered, row.host);
    if (verdict === 'REMOVED') host.leaving.push(candidate);
    else host.candidates.push(candidate);
    if (verdict === 'UNSEEN' && sight?.inventory !== undefined)
      gathered.issues.push(unseenIssue(input, row.cluster, `namespace ${row.namespace}`));
  }
}

function gather(input: CatalogInput, rows: ReadonlyMap<string, MemberStateRow>, memo: CatalogMemo): Gathered {
  const members = new Set(input.memberClusters ?? memberClusterNames(input.gns, input));
  const sorted = [...input.clusters].sort((a, b) => byCodeUnit(a.metadata.name, b.metadata.name));
  const sights = new Map(
    sorted.map((cluster) => {
      const { name } = cluster.metadata;
      return [name, sightOf(input, cluster, { isMember: members.has(name), memo })] as const;
    }),
  );
  const gathered: Gathered = { hosts: new Map(), deleted: [], issues: [] };
  for (const [name, { isMember, inventory }] of sights) {
    if (isMember && inventory === undefined)
      gathered.issues.push(unseenIssue(input, name, 'the inventory of the cluster'));
  }
  const found = gatherScans(sights, gathered);
  const others = [...rows].filter(([name]) => !found.has(name)).map(([, row]) => row);
  gatherRecorded(input, others, { sights, gathered });
  return gathered;
}

function groupByHost<T extends { host: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.host);
    if (group === undefined) groups.set(row.host, [row]);
    else group.push(row);
  }
  return groups;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Everything that the plan of a host depends on, comparable by identity. */
function signatureOf({ candidates, leaving, contract, stateOf, claimedBy }: HostInput): unknown[] {
  const signature: unknown[] = [candidates.length];
  for (const { number, protocol, fixedBy } of contract) signature.push(number, protocol, fixedBy);
  for (const candidate of candidates) signature.push(candidate, stateOf(candidate), claimedBy(candidate));
  for (const candidate of leaving) signature.push(candidate);
  return signature;
}

function planRemembered(input: CatalogInput, host: HostInput, memo: CatalogMemo): HostPlan {
  const signature = signatureOf(host);
  const known = memo.plans.get(host.host);
  if (known !== undefined && isSame(known.signature, signature)) return known.plan;
  const plan = planHost(input.gns, host);
  memo.plans.set(host.host, { signature, plan });
  return plan;
}

function previousCluster(input: CatalogInput, name: string): ClusterEntry | undefined {
  const item = input.previous?.entries.get(`cluster/${name}`);
  const parsed = item && parseClusterEntry(item.body);
  return parsed?.ok === true ? parsed.value : undefined;
}

function clusterEntries(input: CatalogInput): ClusterEntry[] {
  const reached = new Set([
    ...affectedClusters(input.gns, input),
    ...(input.memberClusters ?? []),
    ...input.memberStates.map((row) => row.cluster),
  ]);
  return input.clusters
    .filter((cluster) => reached.has(cluster.metadata.name))
    .map((cluster) => {
      const { name } = cluster.metadata;
      return clusterEntry(cluster, input.inventories.get(name), previousCluster(input, name));
    })
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

function keyOfSpecs({ gns, clusterGroups = [] }: CatalogInput): string {
  return JSON.stringify([
    gns.metadata.project,
    gns.metadata.name,
    gns.spec,
    clusterGroups.map(({ metadata, spec }) => [metadata.name, spec]),
  ]);
}

/** Plans the catalog: who is a member of what host, by rules, inventory, claims and port contracts. */
export function planCatalog(input: CatalogInput, memo: CatalogMemo): CatalogPlan {
  memo.under(keyOfSpecs(input));
  const rows = new Map(input.memberStates.map((row) => [memberEntryName(row), row]));
  const { hosts, deleted, issues } = gather(input, rows, memo);
  const contracts = groupByHost(input.portContracts);
  const claims = input.claims?.size === 0 ? undefined : input.claims;
  const plans = [...hosts]
    .sort((a, b) => byCodeUnit(a[0], b[0]))
    .map(([host, { candidates, leaving }]) =>
      planRemembered(
        input,
        {
          host,
          candidates,
          leaving,
          contract: contracts.get(host) ?? [],
          stateOf: (candidate) => rows.get(candidate.entryName)?.state,
          claimedBy: (candidate) => claims?.get(serviceKey(candidate)),
        },
        memo,
      ),
    );
  for (const host of memo.plans.keys()) if (!hosts.has(host)) memo.plans.delete(host);
  return {
    hosts: plans,
    clusters: clusterEntries(input),
    deleted,
    issues: [...issues, ...plans.flatMap((plan) => plan.issues)],
  };
}
