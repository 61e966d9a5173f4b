import type { Issue } from '../../issues/issue.js';
import { DEFAULT_CLUSTER_DOMAIN } from '../../resources/defaults.js';
import { finding } from '../finding.js';
import { coversHost, named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { LintSite, PlacedObject } from '../lint-site.js';
import { OTHER_TLS } from './destination-rules.js';

/** DestinationRules of the Kubernetes names of members: they do not act on the global host, but on the same workloads. */
export const lintKubernetesHosts: LintRule = (site) =>
  site.of('DestinationRule').flatMap((placed): Issue[] => {
    const { hosts: [given] = [], subsets = [], tls } = placed.object;
    if (given === undefined) return [];
    const pattern = fullName(given, site, placed.namespace);
    const members = [...site.members.values()].filter(({ namespace, service }) =>
      coversHost(pattern, fullName(service.name, site, namespace)),
    );
    if (members.length === 0) return [];
    const hosts = named(members.map(({ host }) => host));
    if (site.mode === 'STRICT' && OTHER_TLS.has(tls)) {
      const message = `calls ${pattern} with TLS mode ${tls ?? ''}, but the encryption policy of ${hosts} is STRICT`;
      return [finding('ISM0814', { site, placed }, { path: 'spec.trafficPolicy.tls.mode', message })];
    }
    if (subsets.length === 0) return [];
    const message = `has subsets ${named(subsets)} of ${pattern}, which ${hosts} does not have`;
    return [finding('ISM0817', { site, placed }, { path: 'spec.subsets', message })];
  });

/** A name without dots is a service of the object's own namespace. */
function fullName(name: string, { cluster }: LintSite, namespace: PlacedObject['namespace']): string {
  if (name.includes('.') || name.includes('*')) return name;
  return `${name}.${namespace}.svc.${cluster.spec.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN}`;
}
