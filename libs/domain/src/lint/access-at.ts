import { placeOf, projectOf, reaches } from '../compile/policies/targets.js';
import { hostName } from '../intent/host-name.js';
import { matchesCluster } from '../membership/clusters.js';
import { selectorMatcher } from '../membership/selector.js';
import type { AccessPolicy, Cluster, GlobalNamespace, ScopedTarget, ServiceGroup } from '../resources/types.js';
import { ofKind, type GnsReach, type World } from '../validation/world.js';
import { grouped } from './grouped.js';
import type { HostedMember, RemoteCaller } from './lint-site.js';

/** What enforced access policies say of one host. */
export interface HostAccess {
  /** Names of policies that refuse whoever is not admitted, sorted. */
  closedBy: readonly string[];
  /** True if a rule may admit workloads of the caller's namespace: what a rule says beside that may be so. */
  mayAdmit: (caller: Pick<RemoteCaller, 'cluster' | 'namespace'>) => boolean;
}

type Caller = Pick<RemoteCaller, 'cluster' | 'namespace'>;
type Source = NonNullable<AccessPolicy['spec']['rules']>[number]['from'][number];

type Member = GnsReach['members'][number];

/** The members of a global namespace by the names that policies give them. */
class NamedMembers {
  readonly gns: GlobalNamespace;
  readonly #byHost: ReadonlyMap<string, readonly Member[]>;
  readonly #byPlace: ReadonlyMap<string, readonly Member[]>;
  readonly #isIn: ReadonlyMap<string, (member: Member) => boolean>;

  constructor({ gns, members }: GnsReach, world: World) {
    this.gns = gns;
    this.#byHost = grouped(members, ({ service, namespace }) => hostName(gns.spec, { name: service.name, namespace }));
    this.#byPlace = grouped(members, placeName);
    const groups = ofKind(world.resources, 'ServiceGroup').filter((group) => projectOf(group) === projectOf(gns));
    this.#isIn = new Map(groups.map((group) => [group.metadata.name, memberMatcher(group, world)]));
  }

  /** True if a member of the caller's namespace is behind one of the services, which are names or `name.namespace`. */
  isBehind(services: readonly string[], caller: Caller): boolean {
    return this.#near(caller).some(({ service: { name }, namespace }) =>
      services.some((text) => text === name || text === `${name}.${namespace}`),
    );
  }

  hasInGroups(groups: readonly string[], caller: Caller): boolean {
    return this.#near(caller).some((member) => groups.some((group) => this.#isIn.get(group)?.(member) === true));
  }

  /** True if the host belongs to the group: one of its members does. */
  isHostInGroup(group: string, host: string): boolean {
    const isIn = this.#isIn.get(group);
    return isIn !== undefined && (this.#byHost.get(host) ?? []).some(isIn);
  }

  #near(caller: Caller): readonly Member[] {
    return this.#byPlace.get(placeName(caller)) ?? [];
  }
}

const placeName = ({ cluster, namespace }: Caller): string => `${cluster}/${namespace}`;

function memberMatcher({ spec }: ServiceGroup, { clusters, groups }: World): (member: Member) => boolean {
  const rules = spec.members.map((rule) => ({
    isHere: (cluster: Cluster | undefined) => cluster !== undefined && matchesCluster(rule.clusters, cluster, groups),
    isNamespace: selectorMatcher(rule.namespaces),
    isService: selectorMatcher(rule.services),
  }));
  return ({ cluster, namespace, service }) =>
    rules.some(
      ({ isHere, isNamespace, isService }) =>
        isHere(clusters.get(cluster)) && isNamespace({ name: namespace, labels: {} }) && isService(service),
    );
}

/** Finds what access policies say of the hosts of a global namespace; rehearsals say nothing. */
export function accessFinder(reach: GnsReach, world: World): (member: Pick<HostedMember, 'host'>) => HostAccess {
  const { gns } = reach;
  const policies = ofKind(world.resources, 'AccessPolicy').filter(({ spec }) => spec.mode !== 'AUDIT');
  const concerned = policies.filter((policy) => policy.spec.targets.some((target) => reaches(policy, target, gns)));
  const known = new Map<string, HostAccess>();
  let members: NamedMembers | undefined;
  return ({ host }) => {
    const found = known.get(host);
    if (found !== undefined) return found;
    if (concerned.length === 0) return OPEN;
    members ??= new NamedMembers(reach, world);
    const about = { host, members };
    const here = concerned.filter((policy) =>
      policy.spec.targets.some((target) => reaches(policy, target, gns) && isAbout(target, about)),
    );
    const access = accessBy(here, members);
    known.set(host, access);
    return access;
  };
}

const OPEN: HostAccess = { closedBy: [], mayAdmit: () => false };

function isAbout(target: ScopedTarget, { host, members }: { host: string; members: NamedMembers }): boolean {
  if (target.service !== undefined) return placeOf(members.gns, target) === `host/${host}`;
  return target.serviceGroup === undefined || members.isHostInGroup(target.serviceGroup, host);
}

function accessBy(policies: readonly AccessPolicy[], members: NamedMembers): HostAccess {
  const sources = policies.flatMap(({ spec }) =>
    (spec.rules ?? []).flatMap(({ action, from }) => (action === 'ALLOW' ? from : [])),
  );
  const closing = policies.filter(
    ({ spec }) => spec.default === 'DENY' || (spec.rules ?? []).some(({ action }) => action === 'ALLOW'),
  );
  return {
    closedBy: closing.map(({ metadata }) => metadata.name).sort(),
    mayAdmit: (caller) => sources.some((source) => mayMean(source, { caller, members })),
  };
}

/** Users say nothing of the workload that calls for them. */
function mayMean(
  { anyone, serviceGroups, services, namespaces }: Source,
  { caller, members }: { caller: Caller; members: NamedMembers },
): boolean {
  if (anyone === true || [serviceGroups, services, namespaces].every((field) => field === undefined)) return true;
  return (
    (namespaces ?? []).includes(caller.namespace) ||
    members.isBehind(services ?? [], caller) ||
    members.hasInGroups(serviceGroups ?? [], caller)
  );
}
