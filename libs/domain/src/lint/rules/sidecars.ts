import { finding } from '../finding.js';
import { coversHost, isWildcard, named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { LintSite, PlacedObject } from '../lint-site.js';

/**
 * A Sidecar with egress hosts is all that its workloads see. One without selector is for its namespace; that of the root namespace
 * is for namespaces without one of their own.
 */
export const lintSidecars: LintRule = (site) =>
  site.of('Sidecar').flatMap((placed) => {
    const { hosts: seen, cut } = placed.object;
    if (seen === undefined || cut === true || seesDomain(seen, site.gns.spec.domain)) return [];
    const blind = blindNamespaces(site, placed).flatMap((namespace) => {
      const hosts = [...site.hosts].filter((host) => !isSeen(seen, { host, view: site.viewOf(host), namespace }));
      return hosts.length === 0 ? [] : [{ namespace, hosts }];
    });
    const hosts = [...new Set(blind.flatMap((one) => one.hosts))].sort();
    if (hosts.length === 0) return [];
    const message = `does not let workloads in ${named(blind.map(({ namespace }) => namespace))} see ${named(hosts)}`;
    const hint = `add "*/*.${site.gns.spec.domain}" to spec.egress[].hosts`;
    return [finding('ISM0808', { site, placed }, { path: 'spec.egress', message, hint })];
  });

/** True if one entry lets all of the domain be seen, wherever it is held. */
function seesDomain(seen: readonly string[], domain: string): boolean {
  const patterns = seen.filter((entry) => entry.startsWith('*/')).map((entry) => entry.slice(2));
  return patterns.some((pattern) => isWildcard(pattern) && coversHost(pattern, `any.${domain}`));
}

/** Namespaces of consumers that the Sidecar is for; sorted. */
function blindNamespaces(site: LintSite, { namespace, object }: PlacedObject): string[] {
  if (site.consumers.has(namespace)) return [namespace];
  if (namespace !== site.rootNamespace || object.selector !== undefined) return [];
  const own = site.of('Sidecar').filter((other) => other.object.selector === undefined);
  const withOwn = new Set(own.map((other) => other.namespace));
  return [...site.consumers].filter((name) => !withOwn.has(name)).sort();
}

/** Egress hosts are `namespace/host`; `.` is the namespace of the workload. */
function isSeen(egress: readonly string[], looked: { host: string; view: string; namespace: string }): boolean {
  return egress.some((entry) => {
    const slash = entry.indexOf('/');
    const [from, pattern] = [entry.slice(0, slash), entry.slice(slash + 1)];
    const isFrom = from === '*' || from === looked.view || (from === '.' && looked.namespace === looked.view);
    return isFrom && coversHost(pattern, looked.host);
  });
}
