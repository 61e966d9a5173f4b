import type { ClusterInventory, LocalFacts } from '@isthmus/domain';

const AGENT_NAMESPACE = 'isthmus-system';

/** What a cluster knows of itself when it renders, as far as it was reported; instants up to `passedInstant` (milliseconds since 1970) have passed. */
export function localFacts(
  cluster: string,
  inventory: ClusterInventory | undefined,
  passedInstant: number,
): LocalFacts {
  const { dnsCapture, acceptedTrustDomains, servedKinds } = inventory?.mesh ?? {};
  return {
    cluster,
    namespaces: inventory?.namespaces.map(({ name, labels }) => ({ name, labels })) ?? [],
    agentNamespace: AGENT_NAMESPACE,
    passedInstant,
    ...(inventory === undefined ? {} : { gateways: inventory.gateways }),
    ...(dnsCapture === undefined ? {} : { dnsCapture }),
    ...(acceptedTrustDomains === undefined ? {} : { acceptedTrustDomains }),
    ...(servedKinds === undefined ? {} : { servedKinds }),
  };
}
