import { formatPath, type PathStep } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { DEFAULT_CLUSTER_DOMAIN } from '../resources/defaults.js';
import { touchesDomain } from '../resources/text/outside-hosts.js';
import type { Resource } from '../resources/types.js';
import { ofKind, refOf, scopedName, type World, type WorldCheck } from './world.js';

interface Claimed {
  domain: string;
  owner: string;
}

/** Domains whose names are answered inside: those of global namespaces, and of clusters. */
function claimedDomains({ resources, clusters }: World): Claimed[] {
  const inside = ofKind(resources, 'GlobalNamespace').map((gns) => ({
    domain: gns.spec.domain,
    owner: `the domain of GlobalNamespace ${scopedName(gns)}`,
  }));
  const names = new Set([...clusters.values()].map(({ spec }) => spec.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN));
  return [...inside, ...[...names].sort().map((domain) => ({ domain, owner: 'the domain of a cluster' }))];
}

/** Every domain that a host is or lies under, itself first. */
function parentsOf(host: string): string[] {
  const labels = host.replace(/^\*\./, '').split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

/** Finds the domain that a host touches, without comparing every host with every domain. */
function finder(claimed: readonly Claimed[]): (host: string) => Claimed | undefined {
  const byDomain = new Map(claimed.map((one) => [one.domain, one]));
  return (host) => {
    const parent = parentsOf(host).find((name) => byDomain.has(name));
    if (parent !== undefined) return byDomain.get(parent);
    return host.startsWith('*.') ? claimed.find(({ domain }) => touchesDomain(host, domain)) : undefined;
  };
}

interface Named {
  resource: Resource;
  host: string;
  steps: PathStep[];
}

function hostsOf({ resources }: World): Named[] {
  const named = [...ofKind(resources, 'ExternalService'), ...ofKind(resources, 'PublicService')].flatMap((resource) =>
    resource.spec.hosts.map((host, index) => ({ resource, host, steps: ['spec', 'hosts', index] })),
  );
  const egress = ofKind(resources, 'EgressPolicy').flatMap((resource) =>
    (resource.spec.allow ?? []).flatMap(({ hosts = [] }, at) =>
      hosts.map((host, index) => ({ resource, host, steps: ['spec', 'allow', at, 'hosts', index] })),
    ),
  );
  const grouped = ofKind(resources, 'DataGroup').flatMap((resource) =>
    resource.spec.members.flatMap(({ hosts = [] }, at) =>
      hosts.map((host, index) => ({ resource, host, steps: ['spec', 'members', at, 'hosts', index] })),
    ),
  );
  return [...named, ...egress, ...grouped];
}

/** A host outside of the mesh that is answered inside of it would take services away from their callers. */
export const checkOutsideHosts: WorldCheck = (world): Issue[] => {
  const find = finder(claimedDomains(world));
  return hostsOf(world).flatMap(({ resource, host, steps }) => {
    const claimed = find(host);
    if (claimed === undefined) return [];
    const message = `host ${host} touches ${claimed.domain}, ${claimed.owner}`;
    return [issue('ISM0916', { path: formatPath(steps), message, resource: refOf(resource) })];
  });
};
