/** Kinds of a mesh's own configuration that users write and that can stand in the way of global hosts. */
export const MESH_CONFIG_KINDS = [
  'VirtualService',
  'DestinationRule',
  'ServiceEntry',
  'Sidecar',
  'Gateway',
  'PeerAuthentication',
  'AuthorizationPolicy',
] as const;

export type MeshConfigKind = (typeof MESH_CONFIG_KINDS)[number];

/** One server of a Gateway. */
export interface MeshGatewayServer {
  port: number;
  protocol: string;
  /** `tls.mode`; absent: the gateway ends no TLS here. */
  tls?: string;
  hosts?: string[];
}

/** Callers that one source of an AuthorizationPolicy's rule names; the fields that are given are ANDed. */
export interface AuthorizationSource {
  principals?: string[];
  namespaces?: string[];
  /** It says more than that: IP blocks, claims, exceptions. */
  other?: boolean;
}

/** One rule of an AuthorizationPolicy. */
export interface AuthorizationRule {
  /** Absent: every caller. */
  from?: AuthorizationSource[];
  /** Ports of all its operations; absent: every port. */
  ports?: number[];
  /** It looks at methods, paths, hosts, headers or claims, which only HTTP has. */
  l7?: boolean;
}

/**
 * What a user's own object of a mesh says, as far as it can meet global hosts. Absent is what the object does not say.
 * A field that a kind does not have is never set.
 */
export interface MeshConfigObject {
  /** One of MESH_CONFIG_KINDS, or another one of an agent that is newer than its reader. */
  kind: string;
  name: string;
  /** Hosts of VirtualService and ServiceEntry, the host of a DestinationRule, egress hosts (`namespace/host`) of a Sidecar. */
  hosts?: string[];
  /** Gateways of a VirtualService; absent: the mesh. */
  gateways?: string[];
  exportTo?: string[];
  /** Labels of the workloads that it is for; absent: all of the namespace. */
  selector?: Record<string, string>;
  /** Addresses of a ServiceEntry. */
  addresses?: string[];
  /** TLS mode of a DestinationRule; of several the one that is no mutual TLS of the mesh. */
  tls?: string;
  /** Names of the subsets of a DestinationRule. */
  subsets?: string[];
  /** Mode of a PeerAuthentication; absent: that of the next wider one. */
  mtls?: string;
  /** Modes of single ports of the workload. */
  portMtls?: { port: number; mode: string }[];
  servers?: MeshGatewayServer[];
  action?: string;
  rules?: AuthorizationRule[];
  /** It says more than is told here: what it seems to leave out may be there. */
  cut?: boolean;
}

/** The mesh configuration that users wrote in one namespace, sorted by kind and name. Absent objects are none, as far as kinds are read. */
export interface NamespaceMeshConfig {
  objects: MeshConfigObject[];
  /** Objects that are not told because there are too many. */
  left?: number;
}
