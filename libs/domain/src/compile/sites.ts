import { MACHINE_SERVICE_LABEL } from '../api-group.js';
import type { MachineEntry, MachineReadiness } from '../intent/machines.js';
import type {
  ClusterInventory,
  InventoryNamespace,
  InventoryService,
  InventoryServicePort,
  InventoryWorkload,
} from '../inventory/types.js';
import { durationMs } from '../resources/text/durations.js';
import type { GlobalNamespace, Policy, WorkloadSite } from '../resources/types.js';
import { byCodeUnit } from '../tree/canonical.js';
import { sortedPairs } from './sorted-pairs.js';
import { concerns, projectOf } from './policies/targets.js';
import { portName } from './port-protocol.js';

type SiteService = WorkloadSite['spec']['services'][number];
type SiteWorkload = WorkloadSite['spec']['workloads'][number];
type Ports = readonly Pick<InventoryServicePort, 'number' | 'targetPort'>[];

const DEFAULT_ACCOUNT = 'default';

/** Sites whose machines count for the global namespace: those of its project. */
export function sitesOf(policies: readonly Policy[], gns: Pick<GlobalNamespace, 'metadata'>): WorkloadSite[] {
  return policies.filter((policy): policy is WorkloadSite => policy.kind === 'WorkloadSite' && concerns(policy, gns));
}

/** True for selectors of services that live on machines alone. */
export function isOfMachinesAlone(selector: readonly { name: string }[]): boolean {
  return selector.length === 1 && selector[0]?.name === MACHINE_SERVICE_LABEL;
}

const seconds = (text: string | undefined): number | undefined => {
  const ms = text === undefined ? undefined : durationMs(text);
  return ms === undefined ? undefined : Math.ceil(ms / 1_000);
};

function readinessOf({ readiness }: SiteService): MachineReadiness | undefined {
  if (readiness === undefined) return undefined;
  const { http, tcp, period, timeout, failures } = readiness;
  return { http, tcp, periodSeconds: seconds(period), timeoutSeconds: seconds(timeout), failures };
}

/** What listens elsewhere than the service says: what the site says of all its machines, then what it says of this one. */
function ownPorts(service: SiteService, workload: SiteWorkload, ports: Ports): MachineEntry['ports'] {
  const targets = new Map((service.ports ?? []).map(({ number, targetPort }) => [number, targetPort]));
  for (const { number, targetPort } of workload.ports ?? []) targets.set(number, targetPort);
  const own = ports.flatMap(({ number, targetPort: usual }) => {
    const targetPort = targets.get(number);
    return targetPort === undefined || targetPort === usual ? [] : [{ number, targetPort }];
  });
  return own.length === 0 ? undefined : own.sort((a, b) => a.number - b.number);
}

interface Machines {
  site: WorkloadSite;
  service: SiteService;
  /** As pods and machines share it: of Kubernetes, or made of the site. */
  shared: InventoryService;
}

function machineOf({ site, service, shared }: Machines, workload: SiteWorkload): InventoryWorkload {
  const { spec, metadata } = site;
  const serviceAccount = workload.serviceAccount ?? service.serviceAccount ?? DEFAULT_ACCOUNT;
  const labels = { ...workload.labels, ...shared.selector, [MACHINE_SERVICE_LABEL]: service.name };
  const { weight = 1 } = workload;
  const machine: MachineEntry = {
    site: metadata.name,
    name: workload.name,
    address: workload.address,
    serviceAccount,
    labels: sortedPairs(labels),
    network: spec.network,
    locality: workload.locality ?? spec.locality,
    weight: weight === 1 ? undefined : weight,
    ports: ownPorts(service, workload, shared.ports),
    readiness: readinessOf(service),
  };
  return {
    kind: 'Machine',
    name: workload.name,
    labels,
    serviceAccount,
    ports: [],
    machine: { service: service.name, entry: machine },
  };
}

/** A service that no Kubernetes Service stands for; undefined without ports. */
function madeService({ name, labels = {}, ports = [] }: SiteService): InventoryService | undefined {
  if (ports.length === 0) return undefined;
  return {
    name,
    labels,
    type: 'ClusterIP',
    headless: false,
    selector: { [MACHINE_SERVICE_LABEL]: name },
    ports: ports.map(({ number, protocol, targetPort = number }) => ({
      name: portName(protocol, number),
      number,
      protocol: 'TCP',
      targetPort,
    })),
  };
}

/** The namespace with what the sites say; of two sites that make one service, the first by project and name says what it is. */
function namespaceWith(namespace: InventoryNamespace, sites: readonly WorkloadSite[]): InventoryNamespace {
  const services = new Map(namespace.services.map((service) => [service.name, service]));
  const machines: InventoryWorkload[] = [];
  for (const site of sites) {
    for (const service of site.spec.services) {
      const shared = services.get(service.name) ?? madeService(service);
      if (shared === undefined) continue;
      services.set(service.name, shared);
      const own = site.spec.workloads.filter((workload) => workload.service === service.name);
      machines.push(...own.map((workload) => machineOf({ site, service, shared }, workload)));
    }
  }
  return { ...namespace, services: [...services.values()], workloads: [...namespace.workloads, ...machines] };
}

/** What was made of a namespace, so that an unchanged one stays the very same: catalogs look only at what changed. */
const made = new WeakMap<InventoryNamespace, Map<string, InventoryNamespace>>();
const REMEMBERED = 8;

function remembered(namespace: InventoryNamespace, sites: readonly WorkloadSite[]): InventoryNamespace {
  const known = made.get(namespace) ?? new Map<string, InventoryNamespace>();
  made.set(namespace, known);
  const key = JSON.stringify(sites.map((site) => [projectOf(site), site.metadata.name, site.spec]));
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= REMEMBERED) known.clear();
  const fresh = namespaceWith(namespace, sites);
  known.set(key, fresh);
  return fresh;
}

const whole = new WeakMap<ClusterInventory, ClusterInventory>();

/** The very same inventory as last time if no namespace of it changed. */
function inventoryWith(inventory: ClusterInventory, sites: readonly WorkloadSite[]): ClusterInventory {
  const namespaces = inventory.namespaces.map((namespace) => {
    const here = sites.filter(({ spec }) => spec.namespace === namespace.name);
    return here.length === 0 || !namespace.readable ? namespace : remembered(namespace, here);
  });
  const known = whole.get(inventory);
  if (known?.namespaces.every((namespace, index) => namespace === namespaces[index]) === true) return known;
  const fresh = { ...inventory, namespaces };
  whole.set(inventory, fresh);
  return fresh;
}

const orderOf = (site: WorkloadSite): string => `${projectOf(site)}/${site.metadata.name}`;

/**
 * Inventories with the machines of sites: each as a workload of its namespace, and a service for those that no Kubernetes Service
 * stands for. A namespace that is not known or cannot be read stays as it is.
 */
export function withSites(
  inventories: ReadonlyMap<string, ClusterInventory>,
  sites: readonly WorkloadSite[],
): ReadonlyMap<string, ClusterInventory> {
  if (sites.length === 0) return inventories;
  const sorted = [...sites].sort((a, b) => byCodeUnit(orderOf(a), orderOf(b)));
  return new Map(
    [...inventories].map(([cluster, inventory]) => {
      const here = sorted.filter(({ spec }) => spec.cluster === cluster);
      return [cluster, here.length === 0 ? inventory : inventoryWith(inventory, here)];
    }),
  );
}
