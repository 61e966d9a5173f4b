import { selectorMatcher } from '../membership/selector.js';
import type { GroupEntry, GroupRule, MemberEntry } from './entries.js';

/** True for members that belong to a group. */
export type GroupMatcher = (member: MemberEntry) => boolean;

function ruleMatcher({ clusters, namespaces, services }: GroupRule): GroupMatcher {
  const inClusters = clusters && new Set(clusters);
  const [isNamespace, isService] = [selectorMatcher(namespaces), selectorMatcher(services)];
  return ({ cluster, namespace, service, labels = [] }) =>
    (inClusters === undefined || inClusters.has(cluster)) &&
    isNamespace({ name: namespace, labels: {} }) &&
    isService({ name: service, labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])) });
}

/** The members of a service group: a host belongs to it if one of its members does. Without rules nobody does. */
export function groupMatcher({ rules = [] }: GroupEntry): GroupMatcher {
  const matchers = rules.map(ruleMatcher);
  return (member) => matchers.some((matches) => matches(member));
}
