import type { BlockEntry, GnsView, KubeObject, LocalFacts } from '@isthmus/domain';
import { rendererFor } from '@isthmus/meshes';
import type { RenderedObject } from '@isthmus/meshes';

export const HOST = 'reviews.bookinfo.global';
const GATEWAYS = { east: '10.0.0.1', west: '10.0.0.2' };
export type ClusterName = keyof typeof GATEWAYS;

/** What routes name: `v2`, `@west`, `v2@west`. */
export type Destination = string;

export interface Wanted {
  /** One rule for each list, with a mirror if it has a second destination. */
  rules: readonly (readonly Destination[])[];
  /** Versions behind the members. */
  versions?: Partial<Record<ClusterName, readonly string[]>>;
  /** Ports of the gateway of the west. */
  gatewayPorts?: readonly number[];
  port?: number;
}

const partsOf = (destination: Destination): { version?: string; cluster?: string } => {
  const [version = '', cluster] = destination.split('@');
  return { ...(version === '' ? {} : { version }), ...(cluster === undefined ? {} : { cluster }) };
};

function routes(rules: Wanted['rules']): BlockEntry[] {
  if (rules.length === 0) return [];
  return [
    {
      kind: 'block',
      scope: 'SERVICE',
      policy: { kind: 'TrafficPolicy', project: 'default', name: 'reviews' },
      feature: {
        kind: 'routes',
        rules: rules.map(([first = '', second], index) => ({
          name: `r${String(index)}`,
          matches: [{ path: { type: 'EXACT' as const, value: `/${String(index)}` } }],
          backends: [{ ...partsOf(first), weight: 100 }],
          ...(second === undefined ? {} : { mirror: { ...partsOf(second), share: 10_000 } }),
        })),
      },
    },
  ];
}

function viewOf({ rules, versions = {}, gatewayPorts = [15_443], port = 80 }: Wanted): GnsView {
  const clusters = Object.entries(GATEWAYS) as [ClusterName, string][];
  const known = { east: ['v1'], west: ['v1', 'v2', 'v3'], ...versions };
  const gateway = { namespace: 'istio-system', selector: [{ name: 'istio', value: 'eastwestgateway' }] };
  return {
    gns: {
      ...{ kind: 'gns', project: 'default', name: 'bookinfo', domain: 'bookinfo.global' },
      consumers: [{ clusters: ['east', 'west'], namespaces: { names: ['shop'] } }],
    },
    encryption: { kind: 'encryption', mode: 'STRICT' },
    slos: [],
    clusters: clusters.map(([name, address]) => ({
      ...{ kind: 'cluster', name, mesh: 'istio', trustDomain: 'cluster.local', clusterDomain: 'cluster.local' },
      gateways: (name === 'west' ? gatewayPorts : [15_443]).map((number) => ({ address, port: number, ...gateway })),
    })),
    hosts: [
      {
        host: {
          ...{ kind: 'host', host: HOST, service: 'reviews', vip: '240.64.0.1' },
          ports: [{ number: port, name: `http-${String(port)}`, protocol: 'HTTP' }],
        },
        members: clusters.map(([cluster]) => ({
          ...{ kind: 'member', host: HOST, cluster, service: 'reviews', namespace: 'bookinfo', state: 'served' },
          selector: [{ name: 'app', value: 'reviews' }],
          serviceAccounts: ['reviews'],
          versions: [...known[cluster]],
          ports: [{ number: port, targetPort: 8080 }],
        })),
        blocks: routes(rules),
      },
    ],
  };
}

const rendered = new Map<string, RenderedObject[]>();

/** What one cluster is to hold; the very same objects for the same wish, as agents have them. */
export function renderedIn(cluster: ClusterName, wanted: Wanted): RenderedObject[] {
  const id = JSON.stringify([cluster, wanted]);
  const objects = rendered.get(id) ?? render(cluster, wanted);
  rendered.set(id, objects);
  return objects;
}

function render(cluster: ClusterName, wanted: Wanted): RenderedObject[] {
  const local: LocalFacts = {
    cluster,
    namespaces: [{ name: 'shop', labels: {} }],
    agentNamespace: 'isthmus-system',
    dnsCapture: true,
  };
  return rendererFor('istio').render(viewOf(wanted), local).objects;
}

interface Spec {
  http?: { route?: { destination: Named }[]; mirrors?: { destination: Named }[] }[];
  subsets?: { name: string; labels: Record<string, string>; trafficPolicy?: { portLevelSettings: Setting[] } }[];
  endpoints?: { address: string; ports?: Record<string, number>; labels: Record<string, string> }[];
  servers?: { port: { number: number } }[];
  hosts?: string[];
  workloadSelector?: object;
}
interface Named {
  host: string;
  subset?: string;
}
interface Setting {
  tls: { sni: string };
}

const specs = (objects: Iterable<KubeObject>, kind: string): Spec[] =>
  [...objects].filter((object) => object.kind === kind).map(({ spec }) => spec as Spec);

interface Ways {
  hasAddress: boolean;
  subsets: ReadonlyMap<string, boolean>;
}

/** Subsets of the destination rule, with whether an endpoint is behind them; false for all while the host has no address. */
function waysIn(objects: readonly KubeObject[], localVersions: readonly string[]): Ways {
  const entries = specs(objects, 'ServiceEntry').filter(({ endpoints, workloadSelector, hosts = [] }) => {
    return hosts.includes(HOST) && (endpoints?.[0]?.ports !== undefined || workloadSelector !== undefined);
  });
  const isLed = (labels: Record<string, string>): boolean => {
    const has = (other: Record<string, string>): boolean =>
      Object.entries(labels).every(([name, value]) => other[name] === value);
    const ofPods = entries.some(({ workloadSelector }) => workloadSelector !== undefined)
      ? localVersions.map((version) => ({ app: 'reviews', version }))
      : [];
    return [...ofPods, ...entries.flatMap(({ endpoints = [] }) => endpoints.map((one) => one.labels))].some(has);
  };
  const subsets = specs(objects, 'DestinationRule').flatMap((spec) => spec.subsets ?? []);
  return {
    hasAddress: entries.length > 0,
    subsets: new Map(subsets.map(({ name, labels }) => [name, isLed(labels)])),
  };
}

/** Subsets with an endpoint. `localVersions`: of the workloads that a service entry finds by itself. */
export function reachableSubsets(objects: readonly KubeObject[], localVersions: readonly string[]): string[] {
  return [...waysIn(objects, localVersions).subsets].filter(([, isLed]) => isLed).map(([name]) => name);
}

/**
 * Routes of one cluster that lead nowhere: to a subset that no destination rule has, or to no endpoint. `localVersions`: of the
 * workloads that a service entry finds by itself. None while the host has no address.
 */
export function deadRoutes(objects: readonly KubeObject[], localVersions: readonly string[]): string[] {
  const { hasAddress, subsets } = waysIn(objects, localVersions);
  if (!hasAddress) return [];
  return namedSubsets(objects).flatMap((name) => {
    const isLed = subsets.get(name);
    if (isLed === undefined) return [`no subset ${name}`];
    return isLed ? [] : [`nothing behind ${name}`];
  });
}

/** Subsets that live routes name. */
export function namedSubsets(objects: readonly KubeObject[]): string[] {
  const all = specs(objects, 'VirtualService')
    .flatMap(({ http = [] }) => http)
    .flatMap(({ route = [], mirrors = [] }) => [...route, ...mirrors].map(({ destination }) => destination.subset));
  return [...new Set(all.filter((name) => name !== undefined))];
}

/** Names and ports that live routes of one cluster ask the gateway of another one for, and that it does not know. */
export function unknownAtOwner(client: readonly KubeObject[], owner: readonly KubeObject[], address: string): string[] {
  const named = new Set(namedSubsets(client));
  const hosts = new Set(specs(owner, 'ServiceEntry').flatMap((spec) => spec.hosts ?? []));
  const ports = new Set(specs(owner, 'Gateway').flatMap(({ servers = [] }) => servers.map(({ port }) => port.number)));
  const asked = specs(client, 'DestinationRule')
    .flatMap(({ subsets = [] }) => subsets.filter(({ name }) => named.has(name)))
    .flatMap(({ trafficPolicy }) => trafficPolicy?.portLevelSettings ?? [])
    .map(({ tls }) => tls.sni.split('_._.')[1] ?? '');
  const dialled = specs(client, 'ServiceEntry')
    .flatMap(({ endpoints = [] }) => endpoints)
    .filter((endpoint) => endpoint.address === address)
    .flatMap(({ ports: of = {} }) => Object.values(of));
  return [
    ...asked.filter((host) => !hosts.has(host)),
    ...new Set(dialled.filter((port) => !ports.has(port)).map(String)),
  ];
}
