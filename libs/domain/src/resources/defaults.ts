import { DEFAULT_VIP_CIDR } from '../vips/allocate.js';
import { DEFAULT_HOST_TEMPLATE } from '../intent/host-name.js';
import { isProjectScoped } from './schema/kinds.js';
import { DEFAULT_PROJECT } from './types.js';
import type { Cluster, ClusterSpec, GatewaySpec, GlobalNamespace, Metadata, Resource } from './types.js';

/** The trust domain and the DNS domain of clusters that name none. */
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/** What a gateway is unless its spec says otherwise: Istio's own east-west gateway. */
export const DEFAULT_GATEWAY = {
  port: 15_443,
  namespace: 'istio-system',
  selector: { istio: 'eastwestgateway' },
  role: 'EAST_WEST',
} as const;

/** The same resource with every default written out; the argument stays as it is, and stored specs never carry defaults. */
export function withDefaults<R extends Resource>(resource: R): R {
  const metadata = metadataWithDefaults(resource);
  switch (resource.kind) {
    case 'Cluster':
      return { ...resource, metadata, spec: clusterDefaults(resource.spec) };
    case 'GlobalNamespace':
      return { ...resource, metadata, spec: gnsDefaults(resource.spec) };
    default:
      return { ...resource, metadata };
  }
}

function metadataWithDefaults({ kind, metadata }: Resource): Metadata {
  return isProjectScoped(kind) ? { ...metadata, project: metadata.project ?? DEFAULT_PROJECT } : metadata;
}

function clusterDefaults(spec: Cluster['spec']): ClusterSpec {
  return {
    ...spec,
    mesh: { ...spec.mesh, mode: spec.mesh.mode ?? 'sidecar' },
    trustDomain: spec.trustDomain ?? DEFAULT_CLUSTER_DOMAIN,
    clusterDomain: spec.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN,
    ...(spec.gateways === undefined ? {} : { gateways: spec.gateways.map(gatewayWithDefaults) }),
  };
}

/** The gateway with every default written out. */
export function gatewayWithDefaults(gateway: GatewaySpec): Required<GatewaySpec> {
  const given = Object.fromEntries(Object.entries(gateway).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_GATEWAY, ...given, address: gateway.address };
}

function gnsDefaults(spec: GlobalNamespace['spec']): GlobalNamespace['spec'] {
  return {
    ...spec,
    vipCIDR: spec.vipCIDR ?? DEFAULT_VIP_CIDR,
    hostTemplate: spec.hostTemplate ?? DEFAULT_HOST_TEMPLATE,
    consumers: spec.consumers ?? [],
    exclude: spec.exclude ?? [],
  };
}
