import type { ClusterEntry, GatewayEntry } from '../intent/entries.js';
import { canonicalSet } from '../intent/selector.js';
import type { ClusterInventory, DiscoveredGateway } from '../inventory/types.js';
import type { Cluster, GatewaySpec } from '../resources/types.js';
import { byCodeUnit, canonicalJson } from '../tree/canonical.js';
import { sortedPairs } from './sorted-pairs.js';

/** Facts of clusters whose records do not say otherwise. */
export const CLUSTER_DEFAULTS = {
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  gatewayPort: 15443,
  gatewayNamespace: 'istio-system',
  gatewaySelector: { istio: 'eastwestgateway' },
} as const;

function recordedGateway(gateway: GatewaySpec): GatewayEntry {
  return {
    address: gateway.address,
    port: gateway.port ?? CLUSTER_DEFAULTS.gatewayPort,
    namespace: gateway.namespace ?? CLUSTER_DEFAULTS.gatewayNamespace,
    selector: sortedPairs(gateway.selector ?? CLUSTER_DEFAULTS.gatewaySelector),
  };
}

function discoveredGateway(gateway: DiscoveredGateway): GatewayEntry[] {
  const { port, namespace, selector } = gateway;
  return gateway.addresses.map((address) => ({ address, port, namespace, selector: sortedPairs(selector) }));
}

function gatewayText({ address, port, namespace, selector }: GatewayEntry): string {
  return canonicalJson({ address, port, namespace, selector: selector.map(({ name, value }) => ({ name, value })) });
}

/** True if the namespace can be seen, so that a gateway missing there is really gone. */
function isVisible(inventory: ClusterInventory, namespace: string): boolean {
  return !inventory.namespaces.some((known) => known.name === namespace && !known.readable);
}

/** The record's gateways; without any, the discovered ones, and of the previous ones those that a partial view cannot see. */
function gatewaysOf(
  cluster: Cluster,
  inventory: ClusterInventory | undefined,
  previous: ClusterEntry | undefined,
): GatewayEntry[] {
  const recorded = cluster.spec.gateways ?? [];
  if (recorded.length > 0) return canonicalSet(recorded.map(recordedGateway), gatewayText);
  const known = previous?.gateways ?? [];
  if (inventory === undefined) return known;
  const unseen = known.filter((gateway) => !isVisible(inventory, gateway.namespace));
  return canonicalSet([...inventory.gateways.flatMap(discoveredGateway), ...unseen], gatewayText);
}

/**
 * What other clusters need to know of a cluster: the record decides, discovery fills in gateways only; identities never come
 * from an agent's claims.
 */
export function clusterEntry(
  cluster: Cluster,
  inventory: ClusterInventory | undefined,
  previous: ClusterEntry | undefined,
): ClusterEntry {
  const { spec, metadata } = cluster;
  const gateways = gatewaysOf(cluster, inventory, previous);
  const raw = [...new Set(spec.mesh.rawExtensions)].sort(byCodeUnit);
  return {
    kind: 'cluster',
    name: metadata.name,
    mesh: spec.mesh.kind,
    ...(spec.mesh.mode === 'ambient' ? { mode: 'ambient' } : {}),
    trustDomain: spec.trustDomain ?? CLUSTER_DEFAULTS.trustDomain,
    clusterDomain: spec.clusterDomain ?? CLUSTER_DEFAULTS.clusterDomain,
    ...(spec.network === undefined ? {} : { network: spec.network }),
    ...(spec.locality === undefined ? {} : { locality: spec.locality }),
    ...(gateways.length === 0 ? {} : { gateways }),
    ...(raw.length === 0 ? {} : { rawExtensions: raw }),
  };
}
