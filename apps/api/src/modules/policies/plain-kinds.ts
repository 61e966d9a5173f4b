import type { PolicyKind } from '@isthmus/domain';

/** Policy kinds whose GraphQL type has no fields of its own beside targets and spec. */
export type PlainKind = Exclude<PolicyKind, 'EncryptionPolicy' | 'SloPolicy'>;

interface KindWords {
  /** Query field for one. */
  one: string;
  /** Query field for many. */
  many: string;
  /** With its article, for descriptions. */
  noun: string;
  description: string;
}

/** The words of each kind: total, so that a new kind does not compile without a query, a mutation and a description. */
export const PLAIN_KINDS: Readonly<Record<PlainKind, KindWords>> = {
  DataGroup: {
    one: 'dataGroup',
    many: 'dataGroups',
    noun: 'a data group',
    description: 'Hosts and networks outside of the mesh, by their ports, to be named in egress policies.',
  },
  EgressPolicy: {
    one: 'egressPolicy',
    many: 'egressPolicies',
    noun: 'an egress policy',
    description:
      'Where workloads of global namespaces may call outside of the mesh; the most specific target wins whole.',
  },
  ExternalService: {
    one: 'externalService',
    many: 'externalServices',
    noun: 'an external service',
    description: 'A service outside of the mesh that workloads of global namespaces call.',
  },
  PublicService: {
    one: 'publicService',
    many: 'publicServices',
    noun: 'a public service',
    description: 'A service of a global namespace that the world outside calls through ingress gateways.',
  },
  ServiceGroup: {
    one: 'serviceGroup',
    many: 'serviceGroups',
    noun: 'a service group',
    description: 'Services of global namespaces of a project, filled by criteria, to be named in policies.',
  },
  TelemetryPolicy: {
    one: 'telemetryPolicy',
    many: 'telemetryPolicies',
    noun: 'a telemetry policy',
    description:
      'What the workloads of services log, trace and count: each block of the spec is merged as a whole, the most specific target wins.',
  },
  WorkloadSite: {
    one: 'workloadSite',
    many: 'workloadSites',
    noun: 'a workload site',
    description: 'Machines outside of Kubernetes that serve services of global namespaces.',
  },
  UserGroup: {
    one: 'userGroup',
    many: 'userGroups',
    noun: 'a user group',
    description: 'People and machines by the claims of their tokens, to be named in access policies.',
  },
  AccessPolicy: {
    one: 'accessPolicy',
    many: 'accessPolicies',
    noun: 'an access policy',
    description:
      'Who may call services: rules of all scopes hold together, DENY beats ALLOW, the default decides the rest.',
  },
  AuthenticationPolicy: {
    one: 'authenticationPolicy',
    many: 'authenticationPolicies',
    noun: 'an authentication policy',
    description: 'Whose tokens requests must carry; the most specific target wins.',
  },
  TrafficPolicy: {
    one: 'trafficPolicy',
    many: 'trafficPolicies',
    noun: 'a traffic policy',
    description:
      'How clients call services: each block of the spec is merged as a whole, the most specific target wins.',
  },
  FailoverPolicy: {
    one: 'failoverPolicy',
    many: 'failoverPolicies',
    noun: 'a failover policy',
    description:
      'Which clusters serve callers of a service, in which order or shares, and which are cordoned. `failover` is merged as a whole, cordons hold together.',
  },
};

/** The kinds of the table, in its order. */
export const PLAIN_KIND_NAMES = Object.keys(PLAIN_KINDS) as PlainKind[];
