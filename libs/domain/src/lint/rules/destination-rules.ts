import type { Issue } from '../../issues/issue.js';
import { finding } from '../finding.js';
import { hostsUnder, isWildcard, named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { LintSite, PlacedObject } from '../lint-site.js';
import { seenBy } from '../visibility.js';

/** TLS that is not the mesh's own. */
export const OTHER_TLS: ReadonlySet<string | undefined> = new Set(['DISABLE', 'SIMPLE', 'MUTUAL']);

/**
 * Istio looks a DestinationRule up in the caller's namespace, then in that of the service, then in the root namespace, and takes
 * the first that it finds; two of one host in one namespace are merged. The gateway looks in its own namespace first, too.
 */
export const lintDestinationRules: LintRule = (site) =>
  site.of('DestinationRule').flatMap((placed) => {
    const [pattern] = placed.object.hosts ?? [];
    if (pattern === undefined) return [];
    const hosts = hostsUnder(pattern, site.hosts).filter((host) => isTaken(site, placed, host));
    return hosts.length === 0 ? [] : [judged(site, placed, hosts)];
  });

/** True if the rule is found for the host before, or together with, the one that Isthmus makes. */
function isTaken(site: LintSite, placed: PlacedObject, host: string): boolean {
  const { namespace } = placed;
  if (isGateway(site, namespace)) return site.members.has(host);
  if (namespace !== site.viewOf(host)) return site.consumers.has(namespace);
  return !isWildcard(placed.object.hosts?.[0] ?? '') && seenBy(site, placed).length > 0;
}

const isGateway = ({ gateways }: LintSite, namespace: string): boolean =>
  gateways.some((gateway) => gateway.namespace === namespace);

function judged(site: LintSite, placed: PlacedObject, hosts: readonly string[]): Issue {
  const { tls } = placed.object;
  const isWanted = site.mode === 'DISABLE' && tls === 'DISABLE';
  if (!OTHER_TLS.has(tls) || isWanted || isGateway(site, placed.namespace)) {
    const message = `decides how ${named(hosts)} is called from ${callersOf(site, placed)}`;
    return finding('ISM0805', { site, placed }, { path: 'spec.host', message });
  }
  const message = `calls ${named(hosts)} with TLS mode ${tls ?? ''} from ${callersOf(site, placed)}`;
  const severity = site.mode === 'STRICT' ? 'ERROR' : 'WARNING';
  return finding('ISM0813', { site, placed }, { path: 'spec.trafficPolicy.tls.mode', message, severity });
}

function callersOf(site: LintSite, placed: PlacedObject): string {
  if (isGateway(site, placed.namespace)) return 'the gateway';
  return site.consumers.has(placed.namespace) ? placed.namespace : named(seenBy(site, placed));
}
