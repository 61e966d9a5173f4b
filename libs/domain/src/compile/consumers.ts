import type { ConsumerEntry } from '../intent/entries.js';
import { canonicalSelector, canonicalSet, selectorText } from '../intent/selector.js';
import { matchesCluster } from '../membership/clusters.js';
import type { Cluster, ConsumerRule, GlobalNamespace, MembershipRule, Selector } from '../resources/types.js';
import { byCodeUnit, canonicalJson } from '../tree/canonical.js';
import { memberClusterNames, type Fleet } from './cluster-selection.js';

interface Rule extends ConsumerRule {
  /** What exclude rules may take out of it. */
  exclusions: readonly MembershipRule[];
}

/**
 * Member rules with a namespaces selector make those namespaces consumers, less what an exclude rule without services takes
 * out; consumer rules stand as they are. Namespaces that hold a member also consume: that the renderer sees in the catalog.
 */
function rulesOf({ spec }: GlobalNamespace): Rule[] {
  const exclusions = (spec.exclude ?? []).filter((rule) => rule.services === undefined);
  const members = spec.members.filter((rule) => rule.namespaces !== undefined);
  return [
    ...members.map(({ clusters, namespaces }) => ({ clusters, namespaces, exclusions })),
    ...(spec.consumers ?? []).map((rule) => ({ ...rule, exclusions: [] })),
  ];
}

interface Group {
  clusters: Set<string>;
  namespaces?: Selector;
  except: Selector[];
}

/** Canonical text drops empty lists, so a selector that can match nothing must never reach an entry: it would match all. */
function selectsNothing({ names, globs }: Selector): boolean {
  return (names !== undefined || globs !== undefined) && (names ?? []).length + (globs ?? []).length === 0;
}

function exceptions(rule: Rule, cluster: Cluster, fleet: Fleet): Selector[] | 'ALL' {
  const hits = rule.exclusions.filter((exclusion) =>
    matchesCluster(exclusion.clusters, cluster, fleet.clusterGroups ?? []),
  );
  const selectors = hits.map((exclusion) => exclusion.namespaces).filter((selector) => selector !== undefined);
  if (selectors.length < hits.length) return 'ALL';
  return canonicalSet(selectors.filter((selector) => !selectsNothing(selector)).map(canonicalSelector), selectorText);
}

function keyOf(namespaces: Selector | undefined, except: readonly Selector[]): string {
  return canonicalJson([namespaces === undefined ? 'all' : selectorText(namespaces), ...except.map(selectorText)]);
}

function entryOf({ clusters, namespaces, except }: Group): ConsumerEntry {
  return {
    clusters: [...clusters].sort(byCodeUnit),
    ...(namespaces === undefined ? {} : { namespaces: canonicalSelector(namespaces) }),
    ...(except.length === 0 ? {} : { except }),
  };
}

/**
 * Who may call, by declared rules: clusters resolved and pinned, namespaces left to the agent. One entry for each different
 * pair of namespaces and exceptions; sorted.
 */
export function consumerEntries(gns: GlobalNamespace, fleet: Fleet): ConsumerEntry[] {
  const groups = new Map<string, Group>();
  for (const rule of rulesOf(gns)) {
    if (rule.namespaces !== undefined && selectsNothing(rule.namespaces)) continue;
    for (const cluster of fleet.clusters) {
      if (!matchesCluster(rule.clusters, cluster, fleet.clusterGroups ?? [])) continue;
      const except = exceptions(rule, cluster, fleet);
      if (except === 'ALL') continue;
      const key = keyOf(rule.namespaces, except);
      const group = groups.get(key) ?? { clusters: new Set<string>(), namespaces: rule.namespaces, except };
      group.clusters.add(cluster.metadata.name);
      groups.set(key, group);
    }
  }
  return [...groups].sort((a, b) => byCodeUnit(a[0], b[0])).map(([, group]) => entryOf(group));
}

/** Clusters that a global namespace reaches by its rules: those that may own members and those that may call. Sorted. */
export function affectedClusters(gns: GlobalNamespace, fleet: Fleet): string[] {
  const consumers = consumerEntries(gns, fleet).flatMap((consumer) => consumer.clusters);
  return [...new Set([...memberClusterNames(gns, fleet), ...consumers])].sort(byCodeUnit);
}
