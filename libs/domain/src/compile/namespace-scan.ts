import type { ClusterInventory, InventoryNamespace } from '../inventory/types.js';
import type { Issue } from '../issues/issue.js';
import { resolveMembers } from '../membership/members.js';
import type { Cluster, ClusterGroup, GlobalNamespace } from '../resources/types.js';
import { candidateOf, type Candidate } from './candidate.js';
import type { CatalogMemo } from './catalog-memo.js';
import { WorkloadIndex } from './workload-index.js';

/** What one readable namespace contributes to a global namespace. */
export interface NamespaceScan {
  candidates: readonly Candidate[];
  issues: readonly Issue[];
  /** Names of all services in the namespace, selected or not. */
  services: ReadonlySet<string>;
}

/** Specs that decide what a cluster contributes. */
export interface ScanScope {
  gns: GlobalNamespace;
  cluster: Cluster;
  clusterGroups: readonly ClusterGroup[];
  labelKeys: readonly string[];
}

function scanNamespaces(scope: ScanScope, inventory: ClusterInventory): Map<string, NamespaceScan> {
  const { gns, cluster, clusterGroups, labelKeys } = scope;
  const indexes = new Map(inventory.namespaces.map((namespace) => [namespace.name, new WorkloadIndex(namespace)]));
  const found = new Map<string, { candidates: Candidate[]; issues: Issue[] }>();
  for (const member of resolveMembers(gns, [{ cluster, inventory }], clusterGroups)) {
    const { namespace, service } = member;
    const workloads = indexes.get(namespace)?.matching(service.selector) ?? [];
    const result = candidateOf({ gns, cluster: member.cluster, namespace, service, workloads, labelKeys });
    const scan = found.get(namespace) ?? { candidates: [], issues: [] };
    if (result.candidate !== undefined) scan.candidates.push(result.candidate);
    scan.issues.push(...result.issues);
    found.set(namespace, scan);
  }
  return new Map(
    inventory.namespaces.map(({ name, services }): [string, NamespaceScan] => {
      const names = new Set(services.map((service) => service.name));
      return [name, { candidates: [], issues: [], ...found.get(name), services: names }];
    }),
  );
}

function isSameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The fresh scan with the objects of the known one where they say the same, so that hosts that did not change are known by them. */
function keepingKnown(fresh: NamespaceScan, known: NamespaceScan | undefined): NamespaceScan {
  if (known === undefined) return fresh;
  const byName = new Map(known.candidates.map((candidate) => [candidate.entryName, candidate]));
  const candidates = fresh.candidates.map((candidate) => {
    const same = byName.get(candidate.entryName);
    return same !== undefined && isSameText(same, candidate) ? same : candidate;
  });
  const issues = isSameText(known.issues, fresh.issues) ? known.issues : fresh.issues;
  return { candidates, issues, services: fresh.services };
}

/** What is known of a cluster before it is scanned; `key` says what rules see of it. */
export interface KnownScans {
  memo: CatalogMemo;
  key: string;
  scans: ReadonlyMap<string, NamespaceScan> | undefined;
}

/** Scans the readable namespaces of one member cluster; those that the memo knows are not scanned again. */
export function scanCluster(
  scope: ScanScope,
  inventory: ClusterInventory,
  { memo, key, scans: before }: KnownScans,
): Map<string, NamespaceScan> {
  const scans = new Map<string, NamespaceScan>();
  const changed: InventoryNamespace[] = [];
  for (const namespace of inventory.namespaces) {
    if (!namespace.readable) continue;
    const known = memo.namespaces.get(namespace);
    if (known?.cluster === key) scans.set(namespace.name, known.scan);
    else changed.push(namespace);
  }
  if (changed.length === 0) return scans;
  const fresh = scanNamespaces(scope, { ...inventory, namespaces: changed });
  for (const namespace of changed) {
    const found = fresh.get(namespace.name);
    if (found === undefined) continue;
    const scan = keepingKnown(found, before?.get(namespace.name));
    memo.namespaces.set(namespace, { cluster: key, scan });
    scans.set(namespace.name, scan);
  }
  return scans;
}
