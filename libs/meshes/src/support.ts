import type { EncryptionMode, Feature, FeatureKind, MeshKind, PortProtocol, RawExtension } from '@isthmus/domain';

/** Whether a mesh instance can do what an intent feature asks. */
export type SupportState = 'supported' | 'partial' | 'unsupported';

/** Why it cannot, or not wholly. */
export type SupportReason =
  | 'NOT_IN_MESH'
  | 'NEEDS_VERSION'
  | 'NEEDS_EDITION'
  | 'NEEDS_OPTION'
  | 'NEEDS_TOPOLOGY'
  | 'WEAKER_SEMANTICS'
  | 'COARSER_SCOPE'
  | 'ORDER_DEPENDENT'
  | 'EXPERIMENTAL_CHANNEL'
  | 'RAW_EXTENSION';

/** What a shortfall means: FAIL_CLOSED ones are errors and block the cluster, DEGRADED ones warnings, NO_EFFECT ones notes. */
export type SupportEffect = 'FAIL_CLOSED' | 'DEGRADED' | 'NO_EFFECT';

/** The verdict on one feature in one cluster. `fields` lists by path what is dropped or weakened; empty when supported. */
export interface SupportVerdict {
  state: SupportState;
  effect: SupportEffect;
  reason?: SupportReason;
  fields: string[];
  /** What can be done instead, or what makes it supported. */
  alternative?: string;
}

/** A feature that a policy asks for, with the protocols of the ports for which it holds. */
export type PolicyFeature<K extends FeatureKind = FeatureKind> = Extract<Feature, { kind: K }> & {
  protocols: readonly PortProtocol[];
};

/** The intent features that exist now. It judges the instance, so each carries what the verdict may depend on. */
export type IntentFeature =
  | PolicyFeature
  | { kind: 'service'; protocols: readonly PortProtocol[]; headless?: boolean }
  | { kind: 'machine' }
  | { kind: 'externalService'; credential?: string; /** It is called through an egress gateway. */ gateway?: boolean }
  | { kind: 'publicService'; namespace: string }
  | { kind: 'encryption'; mode: EncryptionMode; remoteConsumers: boolean };

/** What is known of the mesh in one cluster; undefined = unknown, which is never taken for a yes or a no. */
export interface SupportFacts {
  mesh: MeshKind;
  version?: string;
  mode?: 'sidecar' | 'ambient';
  dnsCapture?: boolean;
  /** Kinds of objects that the cluster is known to lack, as `group/version/Kind`. */
  unserved?: readonly string[];
  /** Kinds of objects that the agent is known to have no right to write, in the same form. */
  denied?: readonly string[];
  /** What the owner of the cluster allows beyond the API of the mesh; undefined: nothing. */
  rawExtensions?: readonly RawExtension[];
  /** Whether the cluster has an east-west gateway. */
  gateway: boolean;
  /** Namespaces of east-west gateways. */
  gatewayNamespaces?: readonly string[];
  /** Whether the cluster declares its locality. */
  locality?: boolean;
  trustDomain: string;
  acceptedTrustDomains?: readonly string[];
  /** Trust domains of the other clusters of the global namespace. */
  remoteTrustDomains: readonly string[];
}

/** Judges one feature against the facts of one cluster. Pure. */
export type Support = (feature: IntentFeature, facts: SupportFacts) => SupportVerdict;

/** What a shortfall in a feature means, whatever the mesh. */
export const SUPPORT_EFFECTS: Readonly<Record<IntentFeature['kind'], SupportEffect>> = {
  service: 'DEGRADED',
  encryption: 'FAIL_CLOSED',
  externalService: 'FAIL_CLOSED',
  machine: 'DEGRADED',
  publicService: 'DEGRADED',
  timeout: 'DEGRADED',
  retry: 'DEGRADED',
  connectionPool: 'DEGRADED',
  outlierDetection: 'DEGRADED',
  loadBalancing: 'DEGRADED',
  faults: 'DEGRADED',
  cors: 'DEGRADED',
  egress: 'FAIL_CLOSED',
  accessLogs: 'NO_EFFECT',
  tracing: 'NO_EFFECT',
  metrics: 'NO_EFFECT',
  failover: 'DEGRADED',
  cordon: 'DEGRADED',
  routes: 'DEGRADED',
  localRateLimit: 'DEGRADED',
  globalRateLimit: 'DEGRADED',
  authorization: 'FAIL_CLOSED',
  requestAuthentication: 'FAIL_CLOSED',
};

/** Stands for a mesh that this release does not render. */
export const unsupportedMesh: Support = ({ kind }, { mesh }) => ({
  state: 'unsupported',
  effect: SUPPORT_EFFECTS[kind],
  reason: 'NOT_IN_MESH',
  fields: ['spec.mesh.kind'],
  alternative: `This release does not render ${mesh}; run Istio with sidecars in the cluster.`,
});
