import { encryptionPolicy } from '../compile/compile.fixture.js';
import { GROUP_VERSION } from '../api-group.js';
import { inventoryFromManifests } from '../inventory/from-manifests.js';
import type { ClusterInventory } from '../inventory/types.js';
import type { Issue } from '../issues/issue.js';
import type { KubeObject } from '../kube-object.js';
import { MESH_CONFIG_KINDS } from '../mesh-config/types.js';
import type { Cluster, EncryptionMode, GlobalNamespaceSpec, Resource } from '../resources/types.js';
import { validateResources } from '../validation/validate-resources.js';

const SECURITY = new Set(['PeerAuthentication', 'AuthorizationPolicy']);

/** An object of Istio; `at` is `namespace/name`. */
export function istio(kind: string, at: string, spec: object): KubeObject {
  const [namespace = '', name = ''] = at.split('/');
  const group = SECURITY.has(kind) ? 'security.istio.io' : 'networking.istio.io';
  return { apiVersion: `${group}/v1`, kind, metadata: { name, namespace }, spec };
}

/** The object with the label of whoever manages it. */
export function managedBy(manager: string, object: KubeObject): KubeObject {
  const labels = { 'app.kubernetes.io/managed-by': manager };
  return { ...object, metadata: { ...object.metadata, labels } };
}

function deployment(namespace: string, name: string, labels: Record<string, string> = { app: name }): KubeObject {
  const template = { metadata: { labels }, spec: { serviceAccountName: `${name}-sa`, containers: [{}] } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { template } };
}

function service(namespace: string, name: string, port: object): KubeObject {
  const spec = { selector: { app: name }, ports: [port] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

const GATEWAY: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'eastwest', namespace: 'istio-system', labels: { istio: 'eastwestgateway' } },
  spec: { selector: { istio: 'eastwestgateway' }, ports: [{ name: 'tls', port: 15_443 }] },
  status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } },
};

/** `books/reviews` (HTTP on 9080) and `books/db` (TCP on 3306), called from `shop`. */
const OWNER: readonly KubeObject[] = [
  service('books', 'reviews', { name: 'http', port: 80, targetPort: 9080 }),
  service('books', 'db', { name: 'tcp-db', port: 3306 }),
  deployment('books', 'reviews', { app: 'reviews', version: 'v1' }),
  deployment('books', 'db'),
  deployment('shop', 'web'),
  deployment('istio-system', 'gateway', { istio: 'eastwestgateway', app: 'gateway' }),
  GATEWAY,
];

/** `shop` calls and nothing is owned; the agent was seen in `isthmus-system`. */
const CLIENT: readonly KubeObject[] = [deployment('shop', 'web'), deployment('isthmus-system', 'isthmus-agent')];

/** What an agent that reads every kind reports of a cluster with these objects. */
export function reported(objects: readonly KubeObject[]): ClusterInventory {
  const { inventory } = inventoryFromManifests(objects);
  return { ...inventory, mesh: { ...inventory.mesh, kind: 'istio', configKinds: [...MESH_CONFIG_KINDS] } };
}

/** The two clusters of a test with their inventories, and the global namespace over them. */
export interface LintScene {
  /** In the owner's cluster `east`. */
  owner?: readonly KubeObject[];
  /** In the client's cluster `west`. */
  client?: readonly KubeObject[];
  mode?: EncryptionMode;
  policies?: readonly Resource[];
  gns?: Partial<GlobalNamespaceSpec>;
  inventories?: Record<string, ClusterInventory>;
}

const NETWORKS = { podCIDRs: ['10.1.0.0/16'], serviceCIDRs: ['10.2.0.0/16'] };

function clusterNamed(name: string): Cluster {
  const gateways = [{ address: '10.0.0.1' }];
  const spec = { mesh: { kind: 'istio' as const }, gateways, ...NETWORKS };
  return { apiVersion: GROUP_VERSION, kind: 'Cluster', metadata: { name }, spec };
}

/** What is found of the mesh configuration in a scene: issues of the area alone. */
export function lint({ owner = [], client = [], mode, policies = [], gns = {}, inventories = {} }: LintScene): Issue[] {
  const shop: GlobalNamespaceSpec = {
    domain: 'shop.global',
    members: [{ namespaces: { names: ['books'] } }],
    consumers: [{ namespaces: { names: ['shop'] } }],
    ...gns,
  };
  const resources: Resource[] = [
    clusterNamed('east'),
    clusterNamed('west'),
    { apiVersion: GROUP_VERSION, kind: 'GlobalNamespace', metadata: { name: 'shop' }, spec: shop },
    ...(mode === undefined ? [] : [encryptionPolicy('encryption', mode)]),
    ...policies,
  ];
  const known = new Map(
    Object.entries({
      east: reported([...OWNER, ...owner]),
      west: reported([...CLIENT, ...client]),
      ...inventories,
    }),
  );
  return validateResources(resources, { inventories: known }).filter(({ code }) => code.startsWith('ISM08'));
}

/** `CODE SEVERITY cluster kind/namespace/name path` of each. */
export function briefly(issues: readonly Issue[]): string[] {
  return issues.map(({ code, severity, cluster, resource, path }) =>
    [code, severity, cluster ?? '-', `${resource?.kind ?? ''}/${resource?.name ?? ''}`, path].join(' ').trim(),
  );
}
