import type { ClusterEntry } from '@isthmus/domain';

/** Istio's root namespace unless an installation says otherwise. */
const ROOT_NAMESPACE = 'istio-system';

/**
 * Namespaces of a cluster that neither own nor call hosts. Beside a gateway, the views of clients and of the gateway would
 * become one, and the gateway would send requests out again. In the root namespace a PeerAuthentication with a selector has
 * no effect, and what is visible there is visible to gateways.
 */
export function closedNamespaces({ gateways = [] }: Pick<ClusterEntry, 'gateways'>): Set<string> {
  return new Set([ROOT_NAMESPACE, ...gateways.map(({ namespace }) => namespace)]);
}
