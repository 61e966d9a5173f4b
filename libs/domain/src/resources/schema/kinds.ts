import * as z from 'zod';
import { GROUP_VERSION } from '../../api-group.js';
import { dataGroupSpec } from '../policies/data-group.js';
import { egressPolicySpec } from '../policies/egress-policy.js';
import { externalServiceSpec } from '../policies/external-service.js';
import { publicServiceSpec } from '../policies/public-service.js';
import { accessPolicySpec } from '../policies/access-policy.js';
import { authenticationPolicySpec } from '../policies/authentication-policy.js';
import { serviceGroupSpec } from '../policies/service-group.js';
import { telemetryPolicySpec } from '../policies/telemetry-policy.js';
import { failoverPolicySpec } from '../policies/failover-policy.js';
import { trafficPolicySpec } from '../policies/traffic-policy.js';
import { userGroupSpec } from '../policies/user-group.js';
import { workloadSiteSpec } from '../policies/workload-site.js';
import type { Policy, PolicyKind, Resource, ResourceKind } from '../types.js';
import { metadata } from './metadata.js';
import {
  clusterGroupSpec,
  clusterSpec,
  encryptionPolicySpec,
  globalNamespaceSpec,
  projectSpec,
  sloPolicySpec,
} from './specs.js';

interface KindInfo<S extends z.ZodType> {
  spec: S;
  isScoped: boolean;
  description: string;
}

function kindSchema<K extends ResourceKind, S extends z.ZodType>(
  kind: K,
  { spec, isScoped, description }: KindInfo<S>,
) {
  return z
    .strictObject({
      apiVersion: z.literal(GROUP_VERSION).meta({ description: 'Version of the resource API.' }),
      kind: z.literal(kind).meta({ description: 'Kind of the resource.' }),
      metadata: metadata({ isScoped }),
      spec,
      status: z
        .unknown()
        .optional()
        .meta({ description: 'Set by the server; ignored in what is sent to it.', readOnly: true }),
    })
    .meta({ title: kind, description });
}

/** The schema of every kind: a total map, so that a new kind does not compile without one. */
export const KIND_SCHEMAS = {
  Cluster: kindSchema('Cluster', {
    spec: clusterSpec,
    isScoped: false,
    description: 'A registered Kubernetes cluster with its mesh, network and gateways.',
  }),
  ClusterGroup: kindSchema('ClusterGroup', {
    spec: clusterGroupSpec,
    isScoped: false,
    description: 'Clusters by name or label, to be named in rules.',
  }),
  Project: kindSchema('Project', {
    spec: projectSpec,
    isScoped: false,
    description: 'A team’s space; owns global namespaces and policies.',
  }),
  GlobalNamespace: kindSchema('GlobalNamespace', {
    spec: globalNamespaceSpec,
    isScoped: true,
    description: 'A virtual namespace over clusters with its own domain; same service name = same global service.',
  }),
  EncryptionPolicy: kindSchema('EncryptionPolicy', {
    spec: encryptionPolicySpec,
    isScoped: true,
    description: 'Encryption mode of global namespaces.',
  }),
  SloPolicy: kindSchema('SloPolicy', {
    spec: sloPolicySpec,
    isScoped: true,
    description: 'Service level objective of global namespaces or services.',
  }),
  DataGroup: kindSchema('DataGroup', {
    spec: dataGroupSpec,
    isScoped: true,
    description: 'Hosts and networks outside of the mesh, to be named in egress policies.',
  }),
  EgressPolicy: kindSchema('EgressPolicy', {
    spec: egressPolicySpec,
    isScoped: true,
    description: 'Where workloads of global namespaces may call outside of the mesh.',
  }),
  ExternalService: kindSchema('ExternalService', {
    spec: externalServiceSpec,
    isScoped: true,
    description: 'A service outside of the mesh that workloads of global namespaces call.',
  }),
  PublicService: kindSchema('PublicService', {
    spec: publicServiceSpec,
    isScoped: true,
    description: 'A service of a global namespace that the world outside calls through ingress gateways.',
  }),
  ServiceGroup: kindSchema('ServiceGroup', {
    spec: serviceGroupSpec,
    isScoped: true,
    description: 'Services by name, namespace, cluster or label, to be named in policies.',
  }),
  TelemetryPolicy: kindSchema('TelemetryPolicy', {
    spec: telemetryPolicySpec,
    isScoped: true,
    description: 'What the workloads of services log, trace and count.',
  }),
  UserGroup: kindSchema('UserGroup', {
    spec: userGroupSpec,
    isScoped: true,
    description: 'People and machines by the claims of their tokens, to be named in access policies.',
  }),
  WorkloadSite: kindSchema('WorkloadSite', {
    spec: workloadSiteSpec,
    isScoped: true,
    description: 'Machines outside of Kubernetes that serve services of global namespaces.',
  }),
  AccessPolicy: kindSchema('AccessPolicy', {
    spec: accessPolicySpec,
    isScoped: true,
    description: 'Who may call services, and what they may do.',
  }),
  AuthenticationPolicy: kindSchema('AuthenticationPolicy', {
    spec: authenticationPolicySpec,
    isScoped: true,
    description: 'Whose tokens requests must carry.',
  }),
  TrafficPolicy: kindSchema('TrafficPolicy', {
    spec: trafficPolicySpec,
    isScoped: true,
    description: 'How clients call services: timeouts, retries.',
  }),
  FailoverPolicy: kindSchema('FailoverPolicy', {
    spec: failoverPolicySpec,
    isScoped: true,
    description:
      'Which clusters serve callers, in which order, how failures are detected, which clusters are cordoned.',
  }),
} as const satisfies { [K in ResourceKind]: z.ZodType<Extract<Resource, { kind: K }>> };

/** Kinds that policy trees are compiled from, in the order in which they can be created; all belong to a project. */
export const POLICY_KINDS: readonly PolicyKind[] = [
  'EncryptionPolicy',
  'SloPolicy',
  'ExternalService',
  'PublicService',
  'DataGroup',
  'EgressPolicy',
  'ServiceGroup',
  'UserGroup',
  'WorkloadSite',
  'TelemetryPolicy',
  'TrafficPolicy',
  'FailoverPolicy',
  'AccessPolicy',
  'AuthenticationPolicy',
];

/** All kinds, in the order in which they can be created: what others refer to comes first. */
export const RESOURCE_KINDS: readonly ResourceKind[] = [
  'Project',
  'Cluster',
  'ClusterGroup',
  'GlobalNamespace',
  ...POLICY_KINDS,
];

const SCOPED: ReadonlySet<ResourceKind> = new Set(['GlobalNamespace', ...POLICY_KINDS]);
const POLICIES: ReadonlySet<string> = new Set(POLICY_KINDS);

/** True for kinds that policy trees are compiled from. */
export function isPolicyKind(kind: string): kind is PolicyKind {
  return POLICIES.has(kind);
}

/** True for resources that policy trees are compiled from. */
export function isPolicy(resource: Resource): resource is Policy {
  return isPolicyKind(resource.kind);
}

/** True if resources of the kind belong to a project, false if they belong to the organization. */
export function isProjectScoped(kind: ResourceKind): boolean {
  return SCOPED.has(kind);
}

/** True if the text is a kind of the resource API, in exactly this spelling. */
export function isResourceKind(text: unknown): text is ResourceKind {
  return typeof text === 'string' && Object.hasOwn(KIND_SCHEMAS, text);
}
