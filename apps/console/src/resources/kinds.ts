import type { introspection } from '../generated/graphql-env.js';

/** A kind of resource, as the API names it. */
export type ResourceKind = introspection['types']['ResourceKind']['enumValues'];

interface KindNames {
  /** In the address. */
  slug: string;
  /** One of it. */
  one: string;
  /** Several, as a title. */
  many: string;
  section: 'mesh' | 'policies' | 'groups' | 'administration';
  /** False for kinds of the whole organization. */
  inProject: boolean;
}

/** Every kind of the API; the compiler misses one that is added there. */
export const KINDS: Readonly<Record<ResourceKind, KindNames>> = {
  Cluster: { slug: 'clusters', one: 'cluster', many: 'Clusters', section: 'mesh', inProject: false },
  ClusterGroup: {
    slug: 'cluster-groups',
    one: 'cluster group',
    many: 'Cluster groups',
    section: 'mesh',
    inProject: false,
  },
  GlobalNamespace: {
    slug: 'global-namespaces',
    one: 'global namespace',
    many: 'Global namespaces',
    section: 'mesh',
    inProject: true,
  },
  TrafficPolicy: {
    slug: 'traffic-policies',
    one: 'traffic policy',
    many: 'Traffic',
    section: 'policies',
    inProject: true,
  },
  FailoverPolicy: {
    slug: 'failover-policies',
    one: 'failover policy',
    many: 'Failover',
    section: 'policies',
    inProject: true,
  },
  EncryptionPolicy: {
    slug: 'encryption-policies',
    one: 'encryption policy',
    many: 'Encryption',
    section: 'policies',
    inProject: true,
  },
  AccessPolicy: { slug: 'access-policies', one: 'access policy', many: 'Access', section: 'policies', inProject: true },
  AuthenticationPolicy: {
    slug: 'authentication-policies',
    one: 'authentication policy',
    many: 'Authentication',
    section: 'policies',
    inProject: true,
  },
  EgressPolicy: { slug: 'egress-policies', one: 'egress policy', many: 'Egress', section: 'policies', inProject: true },
  TelemetryPolicy: {
    slug: 'telemetry-policies',
    one: 'telemetry policy',
    many: 'Telemetry',
    section: 'policies',
    inProject: true,
  },
  SloPolicy: {
    slug: 'slo-policies',
    one: 'service level objective',
    many: 'Service level objectives',
    section: 'policies',
    inProject: true,
  },
  ServiceGroup: {
    slug: 'service-groups',
    one: 'service group',
    many: 'Service groups',
    section: 'groups',
    inProject: true,
  },
  UserGroup: { slug: 'user-groups', one: 'user group', many: 'User groups', section: 'groups', inProject: true },
  DataGroup: { slug: 'data-groups', one: 'data group', many: 'Data groups', section: 'groups', inProject: true },
  ExternalService: {
    slug: 'external-services',
    one: 'external service',
    many: 'External services',
    section: 'groups',
    inProject: true,
  },
  PublicService: {
    slug: 'public-services',
    one: 'public service',
    many: 'Public services',
    section: 'groups',
    inProject: true,
  },
  WorkloadSite: {
    slug: 'workload-sites',
    one: 'workload site',
    many: 'Workload sites',
    section: 'groups',
    inProject: true,
  },
  Project: { slug: 'projects', one: 'project', many: 'Projects', section: 'administration', inProject: false },
};

/** All kinds, in the order of the navigation. */
export const ALL_KINDS = Object.keys(KINDS) as ResourceKind[];

/** The kind of an address; undefined for any other text. */
export function kindOfSlug(slug: string): ResourceKind | undefined {
  return ALL_KINDS.find((kind) => KINDS[kind].slug === slug);
}

/** What making one takes besides writing it: a cluster is made with the token of its agent. */
export function neededBeside(kind: ResourceKind): readonly string[] {
  return kind === 'Cluster' ? ['agents.write'] : [];
}

/** The permissions that making one takes. */
export function neededFor(kind: ResourceKind): readonly string[] {
  return [`${kind}.write`, ...neededBeside(kind)];
}
