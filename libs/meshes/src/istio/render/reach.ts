import {
  byCodeUnit,
  isDnsLabel,
  isDnsName,
  isLabelKey,
  isLabelValue,
  issue,
  type ClusterEntry,
  type GatewayEntry,
  type Issue,
  type LocalFacts,
} from '@isthmus/domain';
import { isIpAddress, isLocality, isPort, isTrustDomain } from './catalog-values.js';
import { clusterRef } from './issue-refs.js';

/** A cluster whose members the rendering cluster can call. */
export interface ReachableCluster {
  name: string;
  trustDomain: string;
  locality?: string;
  gateways: GatewayEntry[];
}

interface Place {
  self: ClusterEntry;
  local: LocalFacts;
  clusters: ReadonlyMap<string, ClusterEntry>;
}

interface Partners {
  /** Clusters with members that clients here want to call, sorted. */
  targets: string[];
  /** Clusters that may call members here, sorted. */
  callers: string[];
}

/** True if what a gateway entry says can stand in Istio's objects. */
export function isUsableGateway({ address, port, namespace, selector }: GatewayEntry): boolean {
  return (
    (isIpAddress(address) || isDnsName(address)) &&
    isPort(port) &&
    isDnsLabel(namespace) &&
    selector.length > 0 &&
    selector.every(({ name, value }) => isLabelKey(name) && isLabelValue(value))
  );
}

/**
 * A server here accepts identities of its own trust domain and of those that the mesh configuration names; what is not
 * known to be accepted is not accepted.
 */
function isTrusted({ self, local }: Place, trustDomain: string): boolean {
  return trustDomain === self.trustDomain || (local.acceptedTrustDomains ?? []).includes(trustDomain);
}

function whyUnreachable(cluster: ClusterEntry | undefined): string | undefined {
  if (cluster === undefined) return 'it is not in the catalog';
  if (cluster.mesh !== 'istio') return `it runs ${cluster.mesh}, which Istio here cannot call yet`;
  if (cluster.mode === 'ambient') return 'it runs Istio in ambient mode, which has no path for these hosts yet';
  if (!isTrustDomain(cluster.trustDomain)) return 'its trust domain is malformed';
  if (!(cluster.gateways ?? []).some(isUsableGateway)) return 'it has no usable east-west gateway';
  return undefined;
}

function unreachableIssue({ self }: Place, name: string, reason: string): Issue {
  return issue('ISM0304', {
    resource: clusterRef(name),
    cluster: self.name,
    path: 'spec.gateways',
    message: `Members in cluster ${name} are left out, because ${reason}.`,
  });
}

function trustIssue({ self, local }: Place, { name, trustDomain }: ClusterEntry): Issue {
  const known =
    local.acceptedTrustDomains === undefined
      ? 'which other trust domains it accepts is not known'
      : 'it accepts no other';
  return issue('ISM0306', {
    resource: clusterRef(name),
    cluster: self.name,
    path: 'spec.trustDomain',
    message: `Cluster ${name} has trust domain ${trustDomain}, but the mesh of ${self.name} is in ${self.trustDomain} and ${known}.`,
    hint: `In ${self.name}: meshConfig.caCertificates: [{trustDomains: [${trustDomain}], pem: <root of ${name}>}], or meshConfig.trustDomainAliases: [${trustDomain}] if both share one root.`,
  });
}

/** One gateway per address: a host name becomes the addresses that are known of it here. */
function resolved({ local }: Place, gateway: GatewayEntry): GatewayEntry[] {
  if (isIpAddress(gateway.address)) return [gateway];
  const known = local.gatewayAddresses ?? {};
  const addresses = Object.hasOwn(known, gateway.address) ? (known[gateway.address] ?? []) : [];
  return addresses.filter(isIpAddress).map((address) => ({ ...gateway, address }));
}

function unresolvedIssues(place: Place, { name, gateways = [] }: ClusterEntry): Issue[] {
  const names = gateways.filter((gateway) => isUsableGateway(gateway) && resolved(place, gateway).length === 0);
  return [...new Set(names.map(({ address }) => address))].map((address) =>
    issue('ISM0314', {
      resource: clusterRef(name),
      cluster: place.self.name,
      path: 'spec.gateways',
      message: `Gateway ${address} of cluster ${name} is left out, because no IP address of it is known here.`,
    }),
  );
}

function reachable(place: Place, cluster: ClusterEntry): ReachableCluster {
  const { name, trustDomain, locality, gateways = [] } = cluster;
  const keyOf = ({ address, port }: GatewayEntry) => `${address}\n${String(port).padStart(5, '0')}`;
  const usable = gateways.filter(isUsableGateway).flatMap((gateway) => resolved(place, gateway));
  const distinct = new Map(usable.map((gateway) => [keyOf(gateway), gateway]));
  const sorted = [...distinct].sort(([a], [b]) => byCodeUnit(a, b)).map(([, gateway]) => gateway);
  return {
    name,
    trustDomain,
    gateways: sorted,
    ...(locality !== undefined && isLocality(locality) ? { locality } : {}),
  };
}

/** Which clusters can be called from here, and what stands in the way of the others, told once per cluster. */
export function reachOf(
  place: Place,
  { targets, callers }: Partners,
): { reachable: Map<string, ReachableCluster>; issues: Issue[] } {
  const found = new Map<string, ReachableCluster>();
  const issues: Issue[] = [];
  const untrusted = new Set<string>();
  for (const name of new Set([...targets, ...callers])) {
    const cluster = place.clusters.get(name);
    if (cluster === undefined || isTrusted(place, cluster.trustDomain)) continue;
    untrusted.add(name);
    issues.push(trustIssue(place, cluster));
  }
  for (const name of targets) {
    const cluster = place.clusters.get(name);
    const reason = whyUnreachable(cluster);
    if (reason !== undefined) issues.push(unreachableIssue(place, name, reason));
    else if (cluster !== undefined && !untrusted.has(name)) {
      issues.push(...unresolvedIssues(place, cluster));
      const target = reachable(place, cluster);
      if (target.gateways.length > 0) found.set(name, target);
    }
  }
  return { reachable: found, issues };
}
