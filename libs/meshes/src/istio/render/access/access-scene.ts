import {
  byCodeUnit,
  groupMatcher,
  isDnsLabel,
  isDnsName,
  type CallersOfRule,
  type ClusterEntry,
  type GnsView,
  type GroupMatcher,
  type MemberEntry,
  type UserRule,
} from '@isthmus/domain';
import { isTrustDomain } from '../catalog-values.js';

/** Who stands behind a name of a rule, as Istio writes identities; sorted. */
export interface Identities {
  principals: string[];
  /** Of members without known service account: all of their namespace, for rules that refuse. */
  namespaces: string[];
  /** Identities that Istio here would take for local ones. */
  ambiguous: string[];
}

/** What rules of access name, resolved once a global namespace. Plain values: it is part of what decides whether hosts are rendered again. */
export interface AccessScene {
  /** By `group/<name>`, `service/<name>`, `namespace/<name>`; a group that does not exist is absent. */
  callers: Readonly<Record<string, Identities>>;
  /** By `<project>/<name>`. */
  users: Readonly<Record<string, readonly UserRule[]>>;
}

const LOCAL_DOMAIN = 'cluster.local';

/** Names of callers in the rules of all policies. */
function namesIn(view: GnsView): Record<'serviceGroups' | 'services' | 'namespaces', Set<string>> {
  const found = { serviceGroups: new Set<string>(), services: new Set<string>(), namespaces: new Set<string>() };
  const note = ({ serviceGroups = [], services = [], namespaces = [] }: CallersOfRule) => {
    for (const name of serviceGroups) found.serviceGroups.add(name);
    for (const name of services) found.services.add(name);
    for (const name of namespaces) found.namespaces.add(name);
  };
  for (const { feature } of [view.blocks ?? [], ...view.hosts.map(({ blocks }) => blocks ?? [])].flat())
    if (feature.kind === 'authorization') for (const { from } of feature.rules ?? []) from.forEach(note);
  return found;
}

function serviceMatcher(name: string): GroupMatcher {
  const [service = '', namespace] = name.split('.');
  return (member) => member.service === service && (namespace === undefined || member.namespace === namespace);
}

class Resolver {
  private readonly domains: ReadonlyMap<string, string>;
  private readonly members: readonly MemberEntry[];

  constructor(
    view: GnsView,
    private readonly self: ClusterEntry,
  ) {
    const usable = view.clusters.filter(({ trustDomain }) => isTrustDomain(trustDomain));
    this.domains = new Map(usable.map(({ name, trustDomain }) => [name, trustDomain]));
    this.members = view.hosts.flatMap(({ members }) => members).filter(({ namespace }) => isDnsLabel(namespace));
  }

  /** The identities of workloads behind the members that match, each in the trust domain of its own cluster. */
  behind(matches: GroupMatcher): Identities {
    const found = { principals: new Set<string>(), namespaces: new Set<string>(), ambiguous: new Set<string>() };
    for (const member of this.members) {
      const domain = this.domains.get(member.cluster);
      if (domain === undefined || !matches(member)) continue;
      const accounts = (member.serviceAccounts ?? []).filter(isDnsName);
      const kept = this.isAmbiguous(domain) ? found.ambiguous : found.principals;
      for (const account of accounts) kept.add(`${domain}/ns/${member.namespace}/sa/${account}`);
      if (accounts.length === 0) found.namespaces.add(`${domain}/ns/${member.namespace}/*`);
    }
    return sorted(found);
  }

  /** All workloads of a namespace, in every trust domain of the global namespace. */
  ofNamespace(namespace: string): Identities {
    const found = { principals: new Set<string>(), namespaces: new Set<string>(), ambiguous: new Set<string>() };
    for (const domain of this.domains.values())
      (this.isAmbiguous(domain) ? found.ambiguous : found.principals).add(`${domain}/ns/${namespace}/*`);
    return sorted(found);
  }

  /** Istio takes `cluster.local` for the trust domain of whoever reads it. */
  private isAmbiguous(domain: string): boolean {
    return domain === LOCAL_DOMAIN && this.self.trustDomain !== LOCAL_DOMAIN;
  }
}

function sorted(found: Readonly<Record<keyof Identities, ReadonlySet<string>>>): Identities {
  const list = (values: ReadonlySet<string>) => [...values].sort(byCodeUnit);
  return { principals: list(found.principals), namespaces: list(found.namespaces), ambiguous: list(found.ambiguous) };
}

/** Resolves every name that a rule of the global namespace uses; nothing without rules. */
export function accessSceneOf(view: GnsView, self: ClusterEntry): AccessScene {
  const names = namesIn(view);
  const resolver = new Resolver(view, self);
  const callers: Record<string, Identities> = {};
  for (const group of view.groups ?? [])
    if (names.serviceGroups.has(group.name)) callers[`group/${group.name}`] = resolver.behind(groupMatcher(group));
  for (const name of names.services) callers[`service/${name}`] = resolver.behind(serviceMatcher(name));
  for (const name of names.namespaces) callers[`namespace/${name}`] = resolver.ofNamespace(name);
  const users = (view.userGroups ?? []).map(({ project, name, rules }) => [`${project}/${name}`, rules] as const);
  return { callers, users: Object.fromEntries(users) };
}
