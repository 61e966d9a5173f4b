import {
  GROUP_VERSION,
  type Cluster,
  type ClusterInventory,
  type GlobalNamespace,
  type InventoryService,
  type InventoryWorkload,
} from '@isthmus/domain';

/** Size of a made-up fleet: `hosts` services, each in `membersPerHost` of the clusters. */
export interface FleetSize {
  hosts: number;
  clusters: number;
  membersPerHost: number;
}

/** A fleet with its global namespace; the same size gives the same fleet. */
export interface SyntheticFleet {
  gns: GlobalNamespace;
  clusters: Cluster[];
  inventories: Map<string, ClusterInventory>;
}

const SERVICES_PER_NAMESPACE = 100;

const clusterName = (index: number): string => `cluster-${index}`;

function cluster(index: number): Cluster {
  return {
    apiVersion: GROUP_VERSION,
    kind: 'Cluster',
    metadata: { name: clusterName(index) },
    spec: {
      mesh: { kind: 'istio' },
      network: clusterName(index),
      locality: `region-${index}/zone-a`,
      trustDomain: 'cluster.local',
      podCIDRs: [`10.${index % 200}.0.0/17`],
      serviceCIDRs: [`10.${index % 200}.128.0/17`],
      gateways: [{ address: `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}` }],
    },
  };
}

/** The service with that number; `revision` changes what a deploy would change: the service account of its workload. */
export function syntheticService(
  index: number,
  revision = 0,
): { service: InventoryService; workload: InventoryWorkload } {
  const name = `service-${index}`;
  return {
    service: {
      name,
      labels: { app: name },
      type: 'ClusterIP',
      headless: false,
      selector: { app: name },
      ports: [{ name: 'http', number: 8080, protocol: 'TCP', targetPort: 8080 }],
    },
    workload: {
      kind: 'Deployment',
      name,
      labels: { app: name },
      serviceAccount: `account-${revision}`,
      ports: [{ name: 'http', number: 8080, protocol: 'TCP' }],
    },
  };
}

/** Makes the fleet. */
export function syntheticFleet(size: FleetSize): SyntheticFleet {
  const clusters = Array.from({ length: size.clusters }, (_, index) => cluster(index));
  const inventories = new Map<string, ClusterInventory>(
    clusters.map((one) => [one.metadata.name, { mesh: { kind: 'istio' }, gateways: [], namespaces: [] }]),
  );
  for (let host = 0; host < size.hosts; host += 1) {
    for (let copy = 0; copy < size.membersPerHost; copy += 1) place(inventories, host, (host + copy) % size.clusters);
  }
  const gns: GlobalNamespace = {
    apiVersion: GROUP_VERSION,
    kind: 'GlobalNamespace',
    metadata: { name: 'bench', project: 'default' },
    spec: { domain: 'bench.global', members: [{ namespaces: { globs: ['team-*'] } }] },
  };
  return { gns, clusters, inventories };
}

function place(inventories: Map<string, ClusterInventory>, host: number, target: number): void {
  const inventory = inventories.get(clusterName(target));
  const name = `team-${Math.floor(host / SERVICES_PER_NAMESPACE)}`;
  let namespace = inventory?.namespaces.at(-1);
  if (namespace?.name !== name) {
    namespace = { name, labels: {}, readable: true, services: [], workloads: [] };
    inventory?.namespaces.push(namespace);
  }
  const { service, workload } = syntheticService(host);
  namespace.services.push(service);
  namespace.workloads.push(workload);
}

/** The same inventories with one service redeployed; namespaces that did not change stay the same objects. */
export function redeployed(fleet: SyntheticFleet, host: number, revision: number): Map<string, ClusterInventory> {
  const name = `service-${host}`;
  const { workload } = syntheticService(host, revision);
  const entries = [...fleet.inventories].map(([cluster, inventory]): [string, ClusterInventory] => {
    const namespaces = inventory.namespaces.map((namespace) => {
      if (!namespace.workloads.some((one) => one.name === name)) return namespace;
      const workloads = namespace.workloads.map((one) => (one.name === name ? workload : one));
      return { ...namespace, workloads };
    });
    return [cluster, { ...inventory, namespaces }];
  });
  return new Map(entries);
}
