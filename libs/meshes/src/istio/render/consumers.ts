import {
  byCodeUnit,
  isDnsLabel,
  issue,
  matchesSelector,
  type ClusterEntry,
  type ConsumerEntry,
  type GnsView,
  type Issue,
  type LocalFacts,
  type LocalNamespace,
} from '@isthmus/domain';
import { closedNamespaces } from './closed-namespaces.js';
import { clusterRef } from './issue-refs.js';

interface Asked {
  view: GnsView;
  local: LocalFacts;
  self: ClusterEntry;
  /** Namespaces of this cluster with members: their workloads may call, whatever the rules say. */
  memberNamespaces: ReadonlySet<string>;
}

function isConsumer(rule: ConsumerEntry, namespace: LocalNamespace): boolean {
  return (
    matchesSelector(rule.namespaces, namespace) && !(rule.except ?? []).some((one) => matchesSelector(one, namespace))
  );
}

/**
 * Namespaces of this cluster whose workloads see the hosts, sorted. The owner's view belongs to gateways alone, so their
 * namespaces and Istio's root namespace are left out; a rule that names one of them is told.
 */
export function consumerNamespaces({ view, local, self, memberNamespaces }: Asked): {
  names: string[];
  issues: Issue[];
} {
  const rules = (view.gns.consumers ?? []).filter(({ clusters }) => clusters.includes(self.name));
  const matched = local.namespaces.filter((namespace) => rules.some((rule) => isConsumer(rule, namespace)));
  const wanted = new Set([...memberNamespaces, ...matched.map(({ name }) => name)]);
  const closed = closedNamespaces(self);
  const named = new Set(rules.flatMap(({ namespaces }) => namespaces?.names ?? []));
  const names = [...wanted].filter((name) => !closed.has(name) && isDnsLabel(name)).sort(byCodeUnit);
  const issues = [...wanted]
    .filter((name) => closed.has(name) && named.has(name))
    .sort(byCodeUnit)
    .map((name) => gatewayNamespaceIssue(self, name));
  return { names, issues };
}

function gatewayNamespaceIssue(self: ClusterEntry, namespace: string): Issue {
  return issue('ISM0309', {
    resource: clusterRef(self.name),
    cluster: self.name,
    path: 'spec.gateways',
    message: `Workloads of namespace ${namespace} cannot call hosts of the global namespace, because the namespace belongs to gateways.`,
  });
}
