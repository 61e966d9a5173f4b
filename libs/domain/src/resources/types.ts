import type { RAW_EXTENSIONS } from './raw-extensions.js';
import type { GROUP_VERSION } from '../api-group.js';
import type { DataGroupSpec } from './policies/data-group.js';
import type { EgressPolicySpec } from './policies/egress-policy.js';
import type { ExternalServiceSpec } from './policies/external-service.js';
import type { PublicServiceSpec } from './policies/public-service.js';
import type { AccessPolicySpec } from './policies/access-policy.js';
import type { AuthenticationPolicySpec } from './policies/authentication-policy.js';
import type { ServiceGroupSpec } from './policies/service-group.js';
import type { TelemetryPolicySpec } from './policies/telemetry-policy.js';
import type { FailoverPolicySpec } from './policies/failover-policy.js';
import type { TrafficPolicySpec } from './policies/traffic-policy.js';
import type { UserGroupSpec } from './policies/user-group.js';
import type { WorkloadSiteSpec } from './policies/workload-site.js';

/** The meshes that a cluster may run; lower-case as they are in the mesh projects' own names. */
export type MeshKind = 'istio' | 'linkerd' | 'kuma' | 'consul' | 'cilium' | 'gateway-api';

/** Metadata of every Isthmus resource. uid, generation and resourceVersion are set by the server. */
export interface Metadata {
  name: string;
  project?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
}

/** Envelope of one resource. */
export interface ResourceOf<K extends string, S> {
  apiVersion: typeof GROUP_VERSION;
  kind: K;
  metadata: Metadata;
  spec: S;
}

/** A label requirement, with the semantics of Kubernetes' LabelSelectorRequirement. */
export interface LabelExpression {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values?: string[];
}

/** Selects by name, glob (`*` and `?`), labels, expressions; the fields that are given are ANDed, `names` and `globs` are ORed with each other. */
export interface Selector {
  names?: string[];
  globs?: string[];
  matchLabels?: Record<string, string>;
  matchExpressions?: LabelExpression[];
}

/** Selects clusters; `groups` names ClusterGroups and is ORed with names and globs. */
export interface ClusterSelector extends Selector {
  groups?: string[];
}

/** One membership rule: omitted selector = all; rules are ORed. */
export interface MembershipRule {
  clusters?: ClusterSelector;
  namespaces?: Selector;
  services?: Selector;
}

/** Who may call without owning anything. */
export interface ConsumerRule {
  clusters?: ClusterSelector;
  namespaces?: Selector;
}

export interface GatewaySpec {
  /** IP address or DNS name that other clusters dial. */
  address: string;
  /** TCP port that other clusters dial; default 15443. */
  port?: number;
  /** Namespace of the gateway workload; default istio-system. */
  namespace?: string;
  /** Pod labels of the gateway workload; default {istio: eastwestgateway}. */
  selector?: Record<string, string>;
  role?: 'EAST_WEST';
}

/** Ways past the API of a mesh, into its proxies, that the owner of a cluster may allow. */
export type RawExtension = (typeof RAW_EXTENSIONS)[number];

export interface ClusterSpec {
  mesh: { kind: MeshKind; version?: string; mode?: 'sidecar' | 'ambient'; rawExtensions?: RawExtension[] };
  network?: string;
  /** `region/zone` or `region/zone/subzone`. */
  locality?: string;
  trustDomain?: string;
  clusterDomain?: string;
  podCIDRs?: string[];
  serviceCIDRs?: string[];
  gateways?: GatewaySpec[];
}

export interface ClusterGroupSpec {
  clusters: Selector;
}

export interface ProjectSpec {
  description?: string;
}

export interface GlobalNamespaceSpec {
  domain: string;
  vipCIDR?: string;
  /** Host of a service: `{service}`, `{namespace}`, `{domain}`; default `{service}.{domain}`. */
  hostTemplate?: string;
  members: MembershipRule[];
  consumers?: ConsumerRule[];
  exclude?: MembershipRule[];
}

export type EncryptionMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** What a policy applies to; `service` is the Kubernetes service name inside the global namespace. */
export interface PolicyTarget {
  globalNamespace: string;
  service?: string;
}

/**
 * What a policy of scoped kinds applies to: `scope` or `globalNamespace`, and in the latter a service group, a service or a
 * port of it.
 */
export interface ScopedTarget {
  scope?: 'ORGANIZATION' | 'PROJECT';
  globalNamespace?: string;
  serviceGroup?: string;
  service?: string;
  port?: number;
}

export interface EncryptionPolicySpec {
  targets: { globalNamespace: string }[];
  mode: EncryptionMode;
}

/** OpenSLO-shaped objective over a ratio of good to total requests. */
export interface SloPolicySpec {
  targets: PolicyTarget[];
  /** AVAILABILITY: not 5xx / not a gRPC failure. LATENCY: faster than `thresholdMs`. */
  indicator: { type: 'AVAILABILITY' | 'LATENCY'; thresholdMs?: number };
  /** Share of good events, as a decimal fraction in a string ("0.999"), greater than 0 and less than 1. */
  objective: string;
  /** `28d`, `7d`, `24h`; rolling. */
  timeWindow: { duration: string; isRolling: true };
}

export type Cluster = ResourceOf<'Cluster', ClusterSpec>;
export type ClusterGroup = ResourceOf<'ClusterGroup', ClusterGroupSpec>;
export type Project = ResourceOf<'Project', ProjectSpec>;
export type GlobalNamespace = ResourceOf<'GlobalNamespace', GlobalNamespaceSpec>;
export type EncryptionPolicy = ResourceOf<'EncryptionPolicy', EncryptionPolicySpec>;
export type SloPolicy = ResourceOf<'SloPolicy', SloPolicySpec>;

export type DataGroup = ResourceOf<'DataGroup', DataGroupSpec>;
export type EgressPolicy = ResourceOf<'EgressPolicy', EgressPolicySpec>;
export type ExternalService = ResourceOf<'ExternalService', ExternalServiceSpec>;
export type PublicService = ResourceOf<'PublicService', PublicServiceSpec>;
export type AccessPolicy = ResourceOf<'AccessPolicy', AccessPolicySpec>;
export type AuthenticationPolicy = ResourceOf<'AuthenticationPolicy', AuthenticationPolicySpec>;
export type UserGroup = ResourceOf<'UserGroup', UserGroupSpec>;
export type ServiceGroup = ResourceOf<'ServiceGroup', ServiceGroupSpec>;
export type WorkloadSite = ResourceOf<'WorkloadSite', WorkloadSiteSpec>;
export type TelemetryPolicy = ResourceOf<'TelemetryPolicy', TelemetryPolicySpec>;
export type TrafficPolicy = ResourceOf<'TrafficPolicy', TrafficPolicySpec>;
export type FailoverPolicy = ResourceOf<'FailoverPolicy', FailoverPolicySpec>;

/** What the policy trees of global namespaces are compiled from, beside the global namespaces themselves. */
export type Policy =
  | DataGroup
  | EgressPolicy
  | EncryptionPolicy
  | ExternalService
  | PublicService
  | SloPolicy
  | ServiceGroup
  | UserGroup
  | WorkloadSite
  | TelemetryPolicy
  | TrafficPolicy
  | FailoverPolicy
  | AccessPolicy
  | AuthenticationPolicy;
export type PolicyKind = Policy['kind'];

/** Policies whose targets have a scope, and whose blocks are merged: the most specific wins. */
export type ScopedPolicyKind =
  'EgressPolicy' | 'TelemetryPolicy' | 'TrafficPolicy' | 'FailoverPolicy' | 'AccessPolicy' | 'AuthenticationPolicy';

/** Every resource that users write. */
export type Resource = Cluster | ClusterGroup | Project | GlobalNamespace | Policy;
export type ResourceKind = Resource['kind'];

/** The project of resources that name none. */
export const DEFAULT_PROJECT = 'default';
