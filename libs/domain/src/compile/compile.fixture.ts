import { GROUP_VERSION } from '../api-group.js';
import type {
  ClusterInventory,
  InventoryNamespace,
  InventoryService,
  InventoryServicePort,
} from '../inventory/types.js';
import type {
  Cluster,
  ClusterSpec,
  EncryptionMode,
  EncryptionPolicy,
  GlobalNamespace,
  GlobalNamespaceSpec,
} from '../resources/types.js';
import type { Tree } from '../tree/types.js';
import type { CatalogInput } from './catalog-input.js';

/** A cluster record. */
export function cluster(name: string, spec: Partial<ClusterSpec> = {}, labels: Record<string, string> = {}): Cluster {
  return {
    apiVersion: GROUP_VERSION,
    kind: 'Cluster',
    metadata: { name, labels },
    spec: { mesh: { kind: 'istio' }, ...spec },
  };
}

/** A global namespace over namespace `shop` of every cluster. */
export function globalNamespace(spec: Partial<GlobalNamespaceSpec> = {}, name = 'shop'): GlobalNamespace {
  const base: GlobalNamespaceSpec = { domain: `${name}.global`, members: [{ namespaces: { names: ['shop'] } }] };
  return { apiVersion: GROUP_VERSION, kind: 'GlobalNamespace', metadata: { name }, spec: { ...base, ...spec } };
}

/** An encryption policy of global namespace `shop`. */
export function encryptionPolicy(name: string, mode: EncryptionMode, project?: string): EncryptionPolicy {
  const metadata = project === undefined ? { name } : { name, project };
  return {
    apiVersion: GROUP_VERSION,
    kind: 'EncryptionPolicy',
    metadata,
    spec: { targets: [{ globalNamespace: 'shop' }], mode },
  };
}

/** A TCP port that speaks HTTP unless said otherwise. */
export function servicePort(number = 80, fields: Partial<InventoryServicePort> = {}): InventoryServicePort {
  return { name: `http-${number}`, number, protocol: 'TCP', targetPort: number, ...fields };
}

/** A service that selects `app: <name>`. */
export function service(name: string, fields: Partial<InventoryService> = {}): InventoryService {
  return {
    name,
    labels: {},
    type: 'ClusterIP',
    headless: false,
    selector: { app: name },
    ports: [servicePort()],
    ...fields,
  };
}

/** A readable namespace; each service gets a workload `app: <name>` with its own service account. */
export function namespace(
  name: string,
  services: InventoryService[],
  fields: Partial<InventoryNamespace> = {},
): InventoryNamespace {
  const workloads = services.map((item) => ({
    kind: 'Deployment',
    name: item.name,
    labels: item.selector,
    serviceAccount: `${item.name}-sa`,
    ports: [{ name: 'web', number: 8080, protocol: 'TCP' }],
  }));
  return { name, labels: {}, readable: true, services, workloads, ...fields };
}

/** An inventory of these namespaces. */
export function inventory(...namespaces: InventoryNamespace[]): ClusterInventory {
  return { mesh: {}, gateways: [], namespaces };
}

/** Input over clusters east and west with these services in namespace `shop`. */
export function catalogInput(
  services: Record<string, InventoryService[]>,
  fields: Partial<CatalogInput> = {},
): CatalogInput {
  const names = Object.keys(services);
  return {
    gns: globalNamespace(),
    clusters: names.map((name) => cluster(name)),
    inventories: new Map(names.map((name) => [name, inventory(namespace('shop', services[name] ?? []))])),
    vips: [],
    portContracts: [],
    memberStates: [],
    ...fields,
  };
}

/** Bodies of a tree by name. */
export function bodies(tree: Tree): Record<string, unknown> {
  return Object.fromEntries([...tree.entries].map(([name, item]) => [name, JSON.parse(item.body) as unknown]));
}
