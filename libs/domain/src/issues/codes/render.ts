import type { IssueEntry } from '../issue-entry.js';

/** Issues of what renderers refuse or leave out (ISM0300–0399). */
export const RENDER_CODES = {
  ISM0300: {
    severity: 'ERROR',
    title: 'Cluster is not in the catalog',
    cause: 'The catalog of the global namespace has no entry of the rendering cluster, so nothing is rendered there.',
    fix: 'Register the cluster, or check the name that its agent reports.',
  },
  ISM0301: {
    severity: 'ERROR',
    title: 'Mesh cannot be rendered',
    cause: 'This release has no renderer for the mesh of the cluster, so nothing is rendered there.',
    fix: 'Leave the cluster out of the global namespace, or run Istio with sidecars in it.',
  },
  ISM0302: {
    severity: 'ERROR',
    title: 'Mode of the mesh cannot be rendered',
    cause:
      'Ambient proxies have no path across networks to hosts of service entries (NEEDS_TOPOLOGY), so nothing is rendered in the cluster.',
    fix: 'Run the workloads of the global namespace with sidecars.',
  },
  ISM0303: {
    severity: 'ERROR',
    title: 'Owner cluster has no gateway',
    cause: 'Members in this cluster have consumers in other clusters, but no east-west gateway is known here.',
    fix: 'Install an east-west gateway and name its address in spec.gateways of the cluster.',
  },
  ISM0304: {
    severity: 'WARNING',
    title: 'Members of a cluster are not reachable',
    cause: 'The other cluster is unknown, has no east-west gateway, or runs a mesh that this one cannot call.',
    fix: 'Correct the other cluster; until then its members are left out here.',
  },
  ISM0305: {
    severity: 'ERROR',
    title: 'Plaintext cannot cross the gateway',
    cause:
      'Mode DISABLE is refused because consumers in other clusters come through a gateway that only passes mutual TLS. The encryption of the workloads stays as it is without Isthmus.',
    fix: 'Use PERMISSIVE, or keep members and consumers in one cluster.',
  },
  ISM0306: {
    severity: 'ERROR',
    title: 'Trust domain of a cluster is not accepted',
    cause:
      'The mesh here accepts its own trust domain and those it is told to; calls to or from the other cluster would be refused, so its members are left out.',
    fix: 'Use one trust domain, or add the other one to meshConfig.caCertificates[].trustDomains (or trustDomainAliases) here.',
  },
  ISM0307: {
    severity: 'WARNING',
    title: 'Hosts do not resolve',
    cause: 'The proxies of the cluster do not capture DNS, so workloads cannot resolve hosts of the global namespace.',
    fix: 'Set meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE to "true" and restart the workloads.',
  },
  ISM0308: {
    severity: 'ERROR',
    title: 'Cluster does not serve a kind',
    cause: 'The API server of the cluster does not know a kind that is to be applied, so nothing is rendered there.',
    fix: 'Install or upgrade the custom resource definitions of the mesh (Istio 1.24 or newer).',
  },
  ISM0309: {
    severity: 'WARNING',
    title: 'Consumer namespace holds a gateway',
    cause:
      'The namespace of an east-west gateway must not see the view of clients, or the gateway would send requests back to other clusters.',
    fix: 'Run the gateway in a namespace of its own, apart from consumers.',
  },
  ISM0310: {
    severity: 'ERROR',
    title: 'Entry cannot be rendered',
    cause:
      'A name, address or number of the catalog is not one that Kubernetes or the mesh would take; the entry is left out.',
    fix: 'Correct the value at its source.',
  },
  ISM0311: {
    severity: 'ERROR',
    title: 'Several members of a host in one cluster',
    cause: 'A host has one member per cluster; the first by namespace and name is used, the others are left out.',
    fix: 'Set spec.hostTemplate to {service}.{namespace}.{domain}, or exclude one of the namespaces.',
  },
  ISM0312: {
    severity: 'WARNING',
    title: 'Identity of a member is unknown',
    cause:
      'No service account is known behind the service, so callers could not check who answers; the member is not used across clusters.',
    fix: 'Deploy the workload, or correct the selector of the service.',
  },
  ISM0313: {
    severity: 'WARNING',
    title: 'Port is not served everywhere',
    cause:
      'Members of the host serve different ports. Workloads are offered the ports of the member in their own cluster.',
    fix: 'Serve the same ports in every cluster. Add ports before clients use them, remove them afterwards.',
  },
  ISM0314: {
    severity: 'WARNING',
    title: 'Gateway name is not resolved',
    cause:
      'The address of the gateway is a host name, of which no IP address is known here (offline, or DNS did not answer), so the gateway is left out.',
    fix: 'Check that the agent can resolve the name, or give the gateway an IP address.',
  },
  ISM0315: {
    severity: 'WARNING',
    title: 'Members or agent beside a gateway',
    cause:
      'In the namespace of an east-west gateway the view of clients and the view of the gateway would become one, and the gateway would send requests out again; in the root namespace of Istio, encryption cannot be set for single workloads. What lives there is left out.',
    fix: 'Keep members and the agent out of istio-system and of the namespaces of gateways.',
  },
} as const satisfies Record<string, IssueEntry>;
