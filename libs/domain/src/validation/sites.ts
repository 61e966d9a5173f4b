import { projectOf } from '../compile/policies/targets.js';
import { declaredProtocol } from '../compile/port-protocol.js';
import type { InventoryNamespace, InventoryService } from '../inventory/types.js';
import { formatPath, type PathStep } from '../issues/field-path.js';
import type { IssueCode } from '../issues/catalog.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { didYouMean } from '../resources/text/did-you-mean.js';
import type { Cluster, WorkloadSite } from '../resources/types.js';
import { parseCidr, parseIpv4 } from '../vips/ipv4.js';
import { ofKind, refOf, type World, type WorldCheck } from './world.js';

type SiteService = WorkloadSite['spec']['services'][number];

interface Found {
  code: IssueCode;
  message: string;
  steps: PathStep[];
  hint?: string | undefined;
}

const told = (site: WorkloadSite, { code, message, steps, hint }: Found): Issue =>
  issue(code, { path: formatPath(['spec', ...steps]), message, resource: refOf(site), ...(hint && { hint }) });

const orderOf = (site: WorkloadSite): string => `${projectOf(site)}/${site.metadata.name}`;

function unknownCluster({ spec }: WorkloadSite, known: readonly string[]): Found[] {
  if (known.includes(spec.cluster)) return [];
  const hint = didYouMean(spec.cluster, known);
  return [{ code: 'ISM0126', message: `there is no cluster ${spec.cluster}`, steps: ['cluster'], hint }];
}

function ofPods({ spec }: WorkloadSite, cluster: Cluster): Found[] {
  const ranges = (cluster.spec.podCIDRs ?? []).flatMap((cidr) => {
    const range = parseCidr(cidr);
    return range === undefined ? [] : [{ cidr, ...range }];
  });
  return spec.workloads.flatMap(({ name, address }, index): Found[] => {
    const value = parseIpv4(address) ?? -1;
    const range = ranges.find(({ first, last }) => value >= first && value <= last);
    const message = `${address} of machine ${name} lies in ${range?.cidr ?? ''}, the network of the pods of ${spec.cluster}`;
    return range === undefined ? [] : [{ code: 'ISM0949', message, steps: ['workloads', index, 'address'] }];
  });
}

/** What ports and selector of the Kubernetes Service say otherwise. */
function againstService({ spec }: WorkloadSite, service: SiteService, known: InventoryService): Found[] {
  const at = spec.services.indexOf(service);
  const title = `Service ${spec.namespace}/${service.name}`;
  const ports = new Map(known.ports.map((port) => [port.number, declaredProtocol(port) ?? 'TCP']));
  const ofPorts = (service.ports ?? []).flatMap(({ number, protocol }, index): Found[] => {
    const there = ports.get(number);
    if (there === protocol) return [];
    const message =
      there === undefined
        ? `${title} has no port ${number}`
        : `port ${number} of ${title} is ${there}, the site says ${protocol}`;
    return [{ code: 'ISM0948', message, steps: ['services', at, 'ports', index] }];
  });
  const ofLabels =
    service.labels === undefined
      ? []
      : [{ code: 'ISM0948' as const, message: `${title} has labels of its own`, steps: ['services', at, 'labels'] }];
  const ofMachines = spec.workloads.flatMap(({ service: name, labels = {} }, index) =>
    Object.entries(labels).flatMap(([key, value]): Found[] => {
      const wanted = known.selector[key];
      if (name !== service.name || wanted === undefined || wanted === value) return [];
      const message = `${title} selects ${key}: ${wanted}, the machine says ${value}`;
      return [{ code: 'ISM0948', message, steps: ['workloads', index, 'labels', key] }];
    }),
  );
  return [...ofPorts, ...ofLabels, ...ofMachines];
}

function ofNamespace(site: WorkloadSite, namespace: InventoryNamespace): Found[] {
  if (!namespace.readable) return [];
  const { services } = site.spec;
  return services.flatMap((service, index): Found[] => {
    const known = namespace.services.find(({ name }) => name === service.name);
    if (known !== undefined) return againstService(site, service, known);
    if (service.ports !== undefined) return [];
    const message = `there is no Service ${namespace.name}/${service.name} in ${site.spec.cluster}, so the site must say its ports`;
    return [{ code: 'ISM0949', message, steps: ['services', index, 'ports'] }];
  });
}

function inCluster(site: WorkloadSite, { clusters, inventories }: World): Found[] {
  const cluster = clusters.get(site.spec.cluster);
  if (cluster === undefined) return unknownCluster(site, [...clusters.keys()].sort());
  const inventory = inventories.get(site.spec.cluster);
  const namespace = inventory?.namespaces.find(({ name }) => name === site.spec.namespace);
  const message = `cluster ${site.spec.cluster} has no namespace ${site.spec.namespace}`;
  const missing: Found[] = [{ code: 'ISM0949', message, steps: ['namespace'] }];
  const ofInventory = namespace === undefined ? missing : ofNamespace(site, namespace);
  return [...ofPods(site, cluster), ...(inventory === undefined ? [] : ofInventory)];
}

/** An address that serves one service in two sites would count twice. */
function sharedAddresses(sites: readonly WorkloadSite[]): Issue[] {
  const holders = new Map<string, WorkloadSite>();
  return [...sites]
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .flatMap((site) =>
      site.spec.workloads.flatMap(({ service, address }, index): Issue[] => {
        const { cluster, namespace } = site.spec;
        const key = [cluster, namespace, service, address].join('/');
        const holder = holders.get(key);
        if (holder === undefined) holders.set(key, site);
        if (holder === undefined || holder === site) return [];
        const message = `${address} serves ${service} in WorkloadSite ${orderOf(holder)}, too, so it gets its share twice`;
        return [told(site, { code: 'ISM0949', message, steps: ['workloads', index, 'address'] })];
      }),
    );
}

/** What sites say against clusters, and against each other. */
export const checkSites: WorldCheck = (world) => {
  const sites = ofKind(world.resources, 'WorkloadSite');
  return [...sites.flatMap((site) => inCluster(site, world).map((one) => told(site, one))), ...sharedAddresses(sites)];
};
