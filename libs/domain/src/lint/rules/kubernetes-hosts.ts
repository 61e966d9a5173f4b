import type { Issue } from '../../issues/issue.js';
import { DEFAULT_CLUSTER_DOMAIN } from '../../resources/defaults.js';
import { finding } from '../finding.js';
import { coversHost, isWildcard, named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { LintSite, PlacedObject } from '../lint-site.js';
import { OTHER_TLS } from './destination-rules.js';

/** DestinationRules of the Kubernetes names of members: they do not act on the global host, but on the same workloads. */
export const lintKubernetesHosts: LintRule = (site) => {
  const names = new Map<string, string>();
  for (const { namespace, service, host } of site.members.values())
    names.set(fullName(service.name, site, namespace), host);
  return site.of('DestinationRule').flatMap((placed): Issue[] => {
    const [given] = placed.object.hosts ?? [];
    if (given === undefined) return [];
    const pattern = fullName(given, site, placed.namespace);
    const hosts = hostsOf(pattern, names);
    return hosts.length === 0 ? [] : judged(site, placed, { pattern, hosts: named(hosts) });
  });
};

/** Global hosts of the members whose Kubernetes names the pattern covers. */
function hostsOf(pattern: string, names: ReadonlyMap<string, string>): string[] {
  if (isWildcard(pattern)) return [...names].flatMap(([name, host]) => (coversHost(pattern, name) ? [host] : []));
  const host = names.get(pattern);
  return host === undefined ? [] : [host];
}

function judged(site: LintSite, placed: PlacedObject, { pattern, hosts }: { pattern: string; hosts: string }): Issue[] {
  const { subsets = [], tls } = placed.object;
  if (site.mode === 'STRICT' && OTHER_TLS.has(tls)) {
    const message = `calls ${pattern} with TLS mode ${tls ?? ''}, but the encryption policy of ${hosts} is STRICT`;
    return [finding('ISM0814', { site, placed }, { path: 'spec.trafficPolicy.tls.mode', message })];
  }
  if (subsets.length === 0) return [];
  const message = `has subsets ${named(subsets)} of ${pattern}, which ${hosts} does not have`;
  return [finding('ISM0817', { site, placed }, { path: 'spec.subsets', message })];
}

/** A name without dots is a service of the object's own namespace. */
function fullName(name: string, { cluster }: LintSite, namespace: PlacedObject['namespace']): string {
  if (name.includes('.') || name.includes('*')) return name;
  return `${name}.${namespace}.svc.${cluster.spec.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN}`;
}
