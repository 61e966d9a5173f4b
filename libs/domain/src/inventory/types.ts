import type { MachineEntry } from '../intent/machines.js';
import type { NamespaceMeshConfig } from '../mesh-config/types.js';
import type { MeshKind } from '../resources/types.js';

/** A port of a Kubernetes Service. */
export interface InventoryServicePort {
  name?: string;
  number: number;
  protocol: 'TCP' | 'UDP' | 'SCTP';
  appProtocol?: string;
  /** Container port number or name; equal to `number` if the manifest names none. */
  targetPort: number | string;
}

/** A Kubernetes Service, as far as discovery needs it. */
export interface InventoryService {
  name: string;
  labels: Record<string, string>;
  type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  headless: boolean;
  /** Empty: the service has no selector. */
  selector: Record<string, string>;
  ports: InventoryServicePort[];
  ipFamilies?: string[];
}

/** A workload template (Deployment, StatefulSet, DaemonSet, bare Pod, …): never its replicas or readiness. */
export interface InventoryWorkload {
  kind: string;
  name: string;
  /** Labels of the pod template. */
  labels: Record<string, string>;
  serviceAccount: string;
  ports: { name?: string; number: number; protocol: string }[];
  /** Outside of Kubernetes, from a WorkloadSite and never from a cluster: the service that it was made for, and what its endpoint is. */
  machine?: { service: string; entry: MachineEntry };
}

/** One namespace; `readable: false` means it could not be listed and says nothing about its content. */
export interface InventoryNamespace {
  name: string;
  labels: Record<string, string>;
  readable: boolean;
  services: InventoryService[];
  workloads: InventoryWorkload[];
  /** What users configured in the mesh here; absent: nothing, of the kinds that the agent reads (`DiscoveredMesh.configKinds`). */
  meshConfig?: NamespaceMeshConfig;
}

/** An east-west gateway that the agent found. */
export interface DiscoveredGateway {
  namespace: string;
  service: string;
  addresses: string[];
  port: number;
  selector: Record<string, string>;
}

/** What the agent found out about the mesh; undefined = unknown, never assumed. */
export interface DiscoveredMesh {
  kind?: MeshKind;
  version?: string;
  mode?: 'sidecar' | 'ambient';
  trustDomain?: string;
  acceptedTrustDomains?: string[];
  dnsCapture?: boolean;
  rootNamespace?: string;
  /** Kinds of the mesh's own configuration that were read; of any other nothing is known. */
  configKinds?: string[];
  /** Kinds of objects that a renderer may make and the cluster serves, as `group/version/Kind`; absent: not known. */
  servedKinds?: string[];
  /** Where objects without an exportTo of their own are seen; absent: everywhere. */
  exportTo?: MeshExportDefaults;
}

/** Defaults of the mesh's configuration for objects that say nothing of where they are seen. */
export interface MeshExportDefaults {
  services?: string[];
  virtualServices?: string[];
  destinationRules?: string[];
}

/** Everything an agent reports of its cluster. */
export interface ClusterInventory {
  mesh: DiscoveredMesh;
  gateways: DiscoveredGateway[];
  namespaces: InventoryNamespace[];
}
