import { byMatchPrecedence } from '../../intent/features/route-order.js';
import type { PublicEntry, PublicGateway, PublicRoute } from '../../intent/public.js';
import { formatPath, type PathStep } from '../../issues/field-path.js';
import type { Issue } from '../../issues/issue.js';
import { issue } from '../../issues/make-issue.js';
import { matchesCluster } from '../../membership/clusters.js';
import { publicListeners } from '../../resources/policies/public-faults.js';
import type { PublicServiceSpec } from '../../resources/policies/public-service.js';
import { durationMs } from '../../resources/text/durations.js';
import type { GlobalNamespace, Policy, PublicService } from '../../resources/types.js';
import { byCodeUnit, canonicalJson } from '../../tree/canonical.js';
import { entry } from '../../tree/entry.js';
import type { Canonical, TreeEntry } from '../../tree/types.js';
import { canonicalBody } from '../canonical-body.js';
import { affectedClusters } from '../consumers.js';
import { isMemberCluster, type Fleet } from '../cluster-selection.js';
import { concerns, placeOf, policyRef, projectOf } from './targets.js';

interface Surroundings {
  fleet: Fleet;
  issues: Issue[];
}

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort(byCodeUnit);

/** Names of the clusters whose gateways are meant, sorted; also of those that take no part in the global namespace. */
export function publicClusters(
  { clusters }: PublicServiceSpec['gateways'][number],
  gns: GlobalNamespace,
  fleet: Fleet,
): string[] {
  const groups = fleet.clusterGroups ?? [];
  const chosen = fleet.clusters.filter((cluster) =>
    clusters === undefined ? isMemberCluster(gns, cluster, groups) : matchesCluster(clusters, cluster, groups),
  );
  return sorted(chosen.map(({ metadata }) => metadata.name));
}

/** A global namespace is known only to clusters that take part in it. */
function gatewaysOf({ gateways }: PublicServiceSpec, gns: GlobalNamespace, fleet: Fleet): PublicGateway[] {
  const affected = new Set(affectedClusters(gns, fleet));
  const found = gateways.map((one): PublicGateway => {
    const labels = Object.entries(one.selector).sort(([a], [b]) => byCodeUnit(a, b));
    return {
      clusters: publicClusters(one, gns, fleet).filter((name) => affected.has(name)),
      namespace: one.namespace,
      selector: labels.map(([name, value]) => ({ name, value })),
    };
  });
  const byText = new Map(
    found.filter(({ clusters }) => clusters.length > 0).map((one) => [canonicalJson(one as Canonical), one]),
  );
  return [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
}

/** Undefined, with an issue for each, if a service names no single host. */
function routesOf(service: PublicService, gns: GlobalNamespace, issues: Issue[]): PublicRoute[] | undefined {
  const { targets, paths = [] } = service.spec;
  let isWhole = true;
  const hostOf = (name: string, steps: PathStep[]): string => {
    const place = placeOf(gns, { service: name });
    if (place !== undefined) return place.slice('host/'.length);
    isWhole = false;
    const message = `service ${name} names no single host of ${gns.metadata.name} with its host template`;
    issues.push(issue('ISM0202', { path: formatPath(['spec', ...steps]), message, resource: policyRef(service) }));
    return '';
  };
  const special = paths.map(({ type, value, service: name, port, rewrite }, index) => ({
    path: { type, value },
    host: hostOf(name, ['paths', index, 'service']),
    ...(port === undefined ? {} : { port }),
    ...(rewrite === undefined ? {} : { rewrite }),
  }));
  const rest = targets.slice(0, 1).map(({ service: name, port }) => ({
    host: hostOf(name, ['targets', 0, 'service']),
    ...(port === undefined ? {} : { port }),
  }));
  special.sort((a, b) => byMatchPrecedence(a, b) || byCodeUnit(a.path.value, b.path.value));
  return isWhole ? [...special, ...rest] : undefined;
}

function listenersOf(spec: PublicServiceSpec): Pick<PublicEntry, 'http' | 'tls'> {
  const [http] = publicListeners(spec).filter(({ protocol }) => protocol === 'HTTP');
  const { tls } = spec;
  return {
    http: http && { port: http.port, redirect: http.redirect },
    tls: tls && { mode: tls.mode, port: tls.port ?? 443, credential: tls.credential, minVersion: tls.minVersion },
  };
}

function dnsOf({ dns }: PublicServiceSpec): PublicEntry['dns'] {
  if (dns === undefined) return undefined;
  const { ttl, targets, weights } = dns;
  return {
    records: true,
    ttlSeconds: ttl === undefined ? undefined : (durationMs(ttl) ?? 0) / 1_000,
    targets: targets && sorted(targets),
    weights: weights && [...weights].sort((a, b) => byCodeUnit(a.cluster, b.cluster)),
  };
}

/** Entries `gns/public/<project>/<name>`; none for a public service that no cluster has gateways for. */
export function publicEntries(
  policies: readonly Policy[],
  gns: GlobalNamespace,
  { fleet, issues }: Surroundings,
): TreeEntry[] {
  const services = policies
    .filter((policy) => policy.kind === 'PublicService')
    .filter((policy) => concerns(policy, gns));
  return services.flatMap((service) => {
    const routes = routesOf(service, gns, issues);
    const { spec, metadata } = service;
    const gateways = gatewaysOf(spec, gns, fleet);
    if (routes === undefined || gateways.length === 0) return [];
    const body: PublicEntry = {
      kind: 'public',
      project: projectOf(service),
      name: metadata.name,
      hosts: sorted(spec.hosts),
      gateways,
      ...listenersOf(spec),
      routes,
      dns: dnsOf(spec),
    };
    return [entry(`gns/public/${projectOf(service)}/${metadata.name}`, canonicalBody(body))];
  });
}
