import type { GroupEntry, GroupRule } from '../../intent/entries.js';
import { canonicalSelector, canonicalSet } from '../../intent/selector.js';
import { matchesCluster } from '../../membership/clusters.js';
import type { ServiceGroupSpec } from '../../resources/policies/service-group.js';
import type { GlobalNamespace, Policy, Selector, ServiceGroup } from '../../resources/types.js';
import { byCodeUnit, canonicalJson } from '../../tree/canonical.js';
import { entry } from '../../tree/entry.js';
import type { TreeEntry } from '../../tree/types.js';
import { canonicalBody } from '../canonical-body.js';
import type { Fleet } from '../cluster-selection.js';
import { concerns } from './targets.js';

type Rule = ServiceGroupSpec['members'][number];

/** Service groups that policies of the global namespace may name: those of its project. */
export function groupsOf(policies: readonly Policy[], gns: Pick<GlobalNamespace, 'metadata'>): ServiceGroup[] {
  return policies.filter((policy): policy is ServiceGroup => policy.kind === 'ServiceGroup' && concerns(policy, gns));
}

function selectsNothing({ names, globs }: Selector): boolean {
  return (names !== undefined || globs !== undefined) && (names ?? []).length + (globs ?? []).length === 0;
}

/** Undefined: the rule selects nothing. An empty list in an entry would mean all. */
function ruleOf({ clusters, namespaces, services }: Rule, fleet: Fleet): GroupRule | undefined {
  if ([namespaces, services].some((selector) => selector !== undefined && selectsNothing(selector))) return undefined;
  const pinned = fleet.clusters.filter((cluster) => matchesCluster(clusters, cluster, fleet.clusterGroups ?? []));
  if (clusters !== undefined && pinned.length === 0) return undefined;
  return {
    ...(clusters === undefined ? {} : { clusters: pinned.map(({ metadata }) => metadata.name).sort(byCodeUnit) }),
    ...(namespaces === undefined ? {} : { namespaces: canonicalSelector(namespaces) }),
    ...(services === undefined ? {} : { services: canonicalSelector(services) }),
  };
}

function ruleText({ clusters, namespaces, services }: GroupRule): string {
  return canonicalJson(JSON.parse(JSON.stringify([clusters ?? 0, namespaces ?? 0, services ?? 0])) as never);
}

/** Entries `gns/group/<name>`: clusters are resolved and pinned, namespaces, names and labels float. */
export function groupEntries(policies: readonly Policy[], gns: GlobalNamespace, fleet: Fleet): TreeEntry[] {
  return groupsOf(policies, gns).map(({ metadata: { name }, spec }) => {
    const found = spec.members.flatMap((rule) => ruleOf(rule, fleet) ?? []);
    const rules = canonicalSet(found, ruleText);
    const body: GroupEntry = { kind: 'group', name, ...(rules.length === 0 ? {} : { rules }) };
    return entry(`gns/group/${name}`, canonicalBody(body));
  });
}

function keysOf({ services }: Rule): string[] {
  const { matchLabels = {}, matchExpressions = [] } = services ?? {};
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}

/** Keys of the labels that service groups of the project look at, sorted: members carry these in the catalog, and no others. */
export function groupLabelKeys(policies: readonly Policy[], gns: Pick<GlobalNamespace, 'metadata'>): string[] {
  const keys = groupsOf(policies, gns).flatMap(({ spec }) => spec.members.flatMap(keysOf));
  return [...new Set(keys)].sort(byCodeUnit);
}
