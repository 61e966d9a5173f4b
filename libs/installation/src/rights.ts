import { NAMES, RECORD_NAMES } from './names.js';

/** Values of an installation that grant more. */
export const OPT_INS = ['envoyFilters'] as const;
export type OptIn = (typeof OPT_INS)[number];

/** Rights on one resource. */
export interface Right {
  /** API group; empty for the core. */
  group: string;
  resource: string;
  verbs: readonly string[];
  /** Only objects of these names. */
  names?: readonly string[];
  /** `cluster`: in all namespaces; `mesh`: where the agent may write mesh configuration; `own`: in its own namespace. */
  scope: 'cluster' | 'mesh' | 'own';
  /** Only granted where an installation says so. */
  onlyWith?: OptIn;
  /** What does not work without it. */
  why: string;
}

/** A kind that the agent renders, as its CRD is called. */
export interface MeshKind {
  group: string;
  version: string;
  kind: string;
  resource: string;
  /** Needed by some policies only. */
  optional?: true;
  /** Reaches past the API of the mesh, so the right to it is given only where an installation says so. */
  onlyWith?: OptIn;
}

const NETWORKING = { group: 'networking.istio.io', version: 'v1' } as const;
const SECURITY = { group: 'security.istio.io', version: 'v1' } as const;

/** Every kind that a renderer can produce. */
export const MESH_KINDS: readonly MeshKind[] = [
  { ...NETWORKING, kind: 'ServiceEntry', resource: 'serviceentries' },
  { ...NETWORKING, kind: 'VirtualService', resource: 'virtualservices' },
  { ...NETWORKING, kind: 'DestinationRule', resource: 'destinationrules' },
  { ...NETWORKING, kind: 'Gateway', resource: 'gateways' },
  { ...NETWORKING, kind: 'Sidecar', resource: 'sidecars', optional: true },
  { ...NETWORKING, kind: 'WorkloadEntry', resource: 'workloadentries', optional: true },
  { ...NETWORKING, kind: 'WorkloadGroup', resource: 'workloadgroups', optional: true },
  { ...SECURITY, kind: 'PeerAuthentication', resource: 'peerauthentications' },
  { ...SECURITY, kind: 'AuthorizationPolicy', resource: 'authorizationpolicies', optional: true },
  { ...SECURITY, kind: 'RequestAuthentication', resource: 'requestauthentications', optional: true },
  { group: 'telemetry.istio.io', version: 'v1', kind: 'Telemetry', resource: 'telemetries', optional: true },
  {
    ...{ group: NETWORKING.group, version: 'v1alpha3', kind: 'EnvoyFilter', resource: 'envoyfilters' },
    optional: true,
    onlyWith: 'envoyFilters',
  },
];

const FOLLOW = ['list', 'watch'] as const;
const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets'];

const reading: readonly Right[] = [
  {
    ...{ group: '', resource: 'namespaces', verbs: ['get', ...FOLLOW], scope: 'cluster' },
    why: 'discovery, and the uid that tells this cluster from a rebuilt one',
  },
  { group: '', resource: 'services', verbs: FOLLOW, scope: 'cluster', why: 'discovery of services and gateways' },
  {
    ...{ group: '', resource: 'pods', verbs: ['get', 'list'], scope: 'cluster' },
    why: 'discovery of pods that no workload owns',
  },
  ...WORKLOADS.map((resource): Right => ({
    ...{ group: 'apps', resource, verbs: FOLLOW, scope: 'cluster', why: 'discovery of workloads' },
  })),
  ...['cronjobs', 'jobs'].map((resource): Right => ({
    ...{ group: 'batch', resource, verbs: FOLLOW, scope: 'cluster', why: 'discovery of workloads' },
  })),
  {
    ...{ group: '', resource: 'configmaps', verbs: FOLLOW, names: ['istio'], scope: 'cluster' },
    why: "the mesh's own configuration: trust domain and DNS capture",
  },
];

const mesh = MESH_KINDS.flatMap(({ group, resource, kind, onlyWith }): Right[] => {
  const of = { group, resource, ...(onlyWith === undefined ? {} : { onlyWith }) };
  return [
    { ...of, verbs: ['get', ...FOLLOW], scope: 'cluster', why: `noticing drift of each ${kind}` },
    { ...of, verbs: ['create', 'patch', 'delete'], scope: 'mesh', why: `applying and removing each ${kind}` },
  ];
});

const own: readonly Right[] = [
  { group: '', resource: 'configmaps', verbs: ['create'], scope: 'own', why: 'the record of what it owns' },
  {
    ...{ group: '', resource: 'configmaps', verbs: ['get', 'update'], names: RECORD_NAMES, scope: 'own' },
    why: 'the record of what it owns',
  },
  {
    ...{ group: 'coordination.k8s.io', resource: 'leases', verbs: ['create'], scope: 'own' },
    why: 'one acting agent in the cluster',
  },
  {
    ...{
      group: 'coordination.k8s.io',
      resource: 'leases',
      verbs: ['get', 'update'],
      names: [NAMES.lease],
      scope: 'own',
    },
    why: 'one acting agent in the cluster',
  },
  {
    ...{ group: '', resource: 'secrets', verbs: ['get', 'update'], names: [NAMES.identitySecret], scope: 'own' },
    why: 'its identity; it can neither list nor make Secrets',
  },
];

/** Everything that an agent may do, and nothing else: the roles are made of it and the preflight asks for it. */
export const RIGHTS: readonly Right[] = [...reading, ...mesh, ...own];

/** A rule of a role, as Kubernetes writes it. */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** Rules of one scope, with what was opted in to; resources that are treated alike stand in one rule. */
export function rulesOf(scope: Right['scope'], optedIn: readonly OptIn[] = []): PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  const granted = RIGHTS.filter(({ onlyWith }) => onlyWith === undefined || optedIn.includes(onlyWith));
  for (const { group, resource, verbs, names } of granted.filter((right) => right.scope === scope)) {
    const key = JSON.stringify([group, verbs, names]);
    const known = rules.get(key);
    if (known !== undefined) known.resources.push(resource);
    else
      rules.set(key, {
        apiGroups: [group],
        resources: [resource],
        ...(names === undefined ? {} : { resourceNames: [...names] }),
        verbs: [...verbs],
      });
  }
  return [...rules.values()];
}
