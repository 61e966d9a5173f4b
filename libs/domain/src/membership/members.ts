import type { ClusterInventory, InventoryNamespace, InventoryService } from '../inventory/types.js';
import type { Cluster, ClusterGroup, ConsumerRule, GlobalNamespace, MembershipRule } from '../resources/types.js';
import { matchesCluster } from './clusters.js';
import { selectorMatcher, type SelectorMatcher } from './selector.js';

/** A registered cluster with what is known of its content. */
export interface ClusterView {
  cluster: Cluster;
  inventory: ClusterInventory;
}

/** A Kubernetes Service that a global namespace claims. */
export interface ResolvedMember {
  cluster: string;
  namespace: string;
  service: InventoryService;
}

interface RuleMatcher {
  namespaces: SelectorMatcher;
  services: SelectorMatcher;
}

/**
 * The services that the member rules of a global namespace select and its exclude rules leave, sorted by cluster, namespace, service.
 * Rules are ORed, their selectors ANDed. Says nothing of services that cannot be offered (no port, ExternalName …), nor of claims.
 */
export function resolveMembers(
  gns: GlobalNamespace,
  views: readonly ClusterView[],
  groups: readonly ClusterGroup[] = [],
): ResolvedMember[] {
  return sortedBy(views, ({ cluster }) => cluster.metadata.name).flatMap((view) => membersIn(gns, view, groups));
}

function membersIn(gns: GlobalNamespace, view: ClusterView, groups: readonly ClusterGroup[]): ResolvedMember[] {
  const include = rulesIn(gns.spec.members, view.cluster, groups);
  const exclude = rulesIn(gns.spec.exclude ?? [], view.cluster, groups);
  if (include.length === 0) return [];
  return sortedBy(view.inventory.namespaces, ({ name }) => name).flatMap((namespace) => {
    const included = include.filter((rule) => rule.namespaces(namespace));
    const excluded = exclude.filter((rule) => rule.namespaces(namespace));
    return servicesOf(namespace, included, excluded).map((service) => ({
      cluster: view.cluster.metadata.name,
      namespace: namespace.name,
      service,
    }));
  });
}

function servicesOf(
  namespace: InventoryNamespace,
  include: readonly RuleMatcher[],
  exclude: readonly RuleMatcher[],
): InventoryService[] {
  if (include.length === 0) return [];
  const isMember = (service: InventoryService) =>
    include.some((rule) => rule.services(service)) && !exclude.some((rule) => rule.services(service));
  return sortedBy(namespace.services.filter(isMember), ({ name }) => name);
}

/** The rules that select the cluster, ready to be asked about namespaces and services. */
function rulesIn(rules: readonly MembershipRule[], cluster: Cluster, groups: readonly ClusterGroup[]): RuleMatcher[] {
  return rules
    .filter((rule) => matchesCluster(rule.clusters, cluster, groups))
    .map(({ namespaces, services }) => ({
      namespaces: selectorMatcher(namespaces),
      services: selectorMatcher(services),
    }));
}

/** True if a rule selects a service of the known clusters at all; stops at the first. */
export function selectsAny(
  rule: MembershipRule,
  views: readonly ClusterView[],
  groups: readonly ClusterGroup[],
): boolean {
  return views.some(({ cluster, inventory }) =>
    rulesIn([rule], cluster, groups).some(({ namespaces, services }) =>
      inventory.namespaces.some((namespace) => namespaces(namespace) && namespace.services.some(services)),
    ),
  );
}

/** What is known when consumers are sought. */
export interface ConsumerContext {
  groups?: readonly ClusterGroup[];
  /** Namespaces of the cluster that hold members, where the caller knows them. */
  holders?: ReadonlySet<string>;
}

/**
 * Names of the namespaces of one cluster whose workloads may call: those of member rules with a namespaces selector, less those that
 * an exclude rule without services selector takes out; those that hold a member; those of consumer rules. Sorted.
 */
export function consumerNamespaces(
  gns: GlobalNamespace,
  view: ClusterView,
  {
    groups = [],
    holders = new Set(membersIn(gns, view, groups).map(({ namespace }) => namespace)),
  }: ConsumerContext = {},
): string[] {
  const selects = (rule: ConsumerRule) => matchesCluster(rule.clusters, view.cluster, groups);
  const matchers = (rules: readonly ConsumerRule[]) =>
    rules.filter(selects).map(({ namespaces }) => selectorMatcher(namespaces));
  const declared = matchers(gns.spec.members.filter(({ namespaces }) => namespaces !== undefined));
  const excluded = matchers((gns.spec.exclude ?? []).filter(({ services }) => services === undefined));
  const invited = matchers(gns.spec.consumers ?? []);
  return view.inventory.namespaces
    .filter(
      (namespace) =>
        holders.has(namespace.name) ||
        invited.some((matches) => matches(namespace)) ||
        (declared.some((matches) => matches(namespace)) && !excluded.some((matches) => matches(namespace))),
    )
    .map(({ name }) => name)
    .sort();
}

function sortedBy<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => {
    const [left, right] = [nameOf(a), nameOf(b)];
    return left < right ? -1 : Number(left > right);
  });
}
