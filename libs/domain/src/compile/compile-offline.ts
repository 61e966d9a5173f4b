import { joinView } from '../intent/join-view.js';
import type { GnsView } from '../intent/view.js';
import type { ClusterInventory } from '../inventory/types.js';
import type { Issue } from '../issues/issue.js';
import { sortIssues } from '../issues/sort-issues.js';
import { DEFAULT_PROJECT, type GlobalNamespace, type Policy } from '../resources/types.js';
import { byCodeUnit } from '../tree/canonical.js';
import type { Tree } from '../tree/types.js';
import type { VipRow } from '../vips/allocate.js';
import { prepareCatalog } from './catalog.js';
import type { Fleet } from './cluster-selection.js';
import { CURRENT_COMPILER } from './compiler-version.js';
import { affectedClusters } from './consumers.js';
import { memberEntryName, serviceKey } from './member-key.js';
import { groupLabelKeys } from './policies/groups.js';
import { compilePolicy } from './policy.js';
import { sitesOf } from './sites.js';

/** Everything that is known without a server: resources, inventories and the lock of virtual addresses. */
export interface OfflineInput extends Fleet {
  globalNamespaces: readonly GlobalNamespace[];
  policies: readonly Policy[];
  /** By cluster name. */
  inventories: ReadonlyMap<string, ClusterInventory>;
  /** Locked addresses of all hosts. */
  vips: readonly VipRow[];
}

/** One global namespace as every cluster would render it once its owners have acknowledged. */
export interface OfflineGns {
  gns: GlobalNamespace;
  policy: Tree | undefined;
  /** With every wanted member assumed to be served. */
  catalog: Tree;
  view: GnsView | undefined;
  /** Clusters that the global namespace reaches, sorted. */
  clusters: string[];
}

/** All global namespaces, and the lock to write: what was given, and the addresses that are new. */
export interface OfflineResult {
  globalNamespaces: OfflineGns[];
  vips: VipRow[];
  newVips: VipRow[];
  issues: Issue[];
}

const nameOf = ({ metadata }: GlobalNamespace): string => `${metadata.project ?? DEFAULT_PROJECT}/${metadata.name}`;

/** Hosts that lie under the domain; a lock holds the hosts of all global namespaces. */
function underDomain(vips: readonly VipRow[], domain: string): VipRow[] {
  return vips.filter(({ host }) => host.endsWith(`.${domain}`));
}

/**
 * Compiles every global namespace as a server without records would: of two that claim a service, the first by project and
 * name keeps it. Equal input, lock included, gives equal trees.
 */
export function compileOffline(input: OfflineInput): OfflineResult {
  const claims = new Map<string, string>();
  const taken = new Set(input.vips.map(({ address }) => address));
  const result: OfflineResult = { globalNamespaces: [], vips: [], newVips: [], issues: [] };
  for (const gns of [...input.globalNamespaces].sort((a, b) => byCodeUnit(nameOf(a), nameOf(b)))) {
    const policy = compilePolicy({ ...input, gns, compilerVersion: CURRENT_COMPILER });
    const records = { vips: underDomain(input.vips, gns.spec.domain), portContracts: [], memberStates: [] };
    const labelKeys = groupLabelKeys(input.policies, gns);
    const sites = sitesOf(input.policies, gns);
    const compiled = prepareCatalog({ ...input, ...records, gns, labelKeys, sites, takenVips: taken, claims });
    for (const member of compiled.desiredMembers) claims.set(serviceKey(member), nameOf(gns));
    for (const { address } of compiled.newVips) taken.add(address);
    const catalog = compiled.write(
      new Map(compiled.desiredMembers.map((member) => [memberEntryName(member), 'served'])),
    );
    const view = policy.tree && joinView(policy.tree, catalog).view;
    result.globalNamespaces.push({ gns, policy: policy.tree, catalog, view, clusters: affectedClusters(gns, input) });
    result.newVips.push(...compiled.newVips);
    result.issues.push(...policy.issues, ...compiled.issues);
  }
  result.vips = [...input.vips, ...result.newVips].sort((a, b) => byCodeUnit(a.host, b.host));
  return { ...result, issues: sortIssues(result.issues) };
}
