import type { ShownEdge, ShownGroup, ShownService, ShownTopology } from './topology-document.js';

/** A service that runs in some clusters, each as `cluster` or `cluster/version`. */
export function shownService(name: string, places: readonly string[]): ShownService {
  const instances = places.map((place) => {
    const [cluster = '', version] = place.split('/');
    const versions = version === undefined ? [] : [version];
    return { cluster, namespace: 'shop', service: name, state: 'SERVED' as const, versions };
  });
  return {
    ...{ id: `id-${name}`, host: `${name}.shop.global`, name, globalNamespace: 'shop', project: 'default', instances },
    ...{ encryption: 'STRICT', objective: null, serviceGroups: [], ports: [{ number: 80, protocol: 'HTTP' }] },
  };
}

/** Services that are told together. */
export function shownGroup(name: string, services: number): ShownGroup {
  const encryption = [{ mode: null, services }];
  return { id: `group/${name}`, name, rest: false, services, breached: 0, unserved: 0, encryption };
}

/** A call of one service to another. */
export function shownEdge(from: string, to: string, fields: Partial<ShownEdge> = {}): ShownEdge {
  const ends = { from: `id-${from}`, to: `id-${to}` };
  return { ...ends, verdict: 'ALLOWED', rehearsal: null, ports: [], services: 1, policies: [], ...fields };
}

/** Two clusters, of which east has a gateway. */
export function shownTopology(fields: Partial<ShownTopology> = {}): ShownTopology {
  const services = [shownService('cart', ['east/v1', 'west/v2']), shownService('pay', ['west'])];
  const cluster = (name: string, gateways: { address: string; port: number }[]) => ({
    ...{ name, locality: null, network: null, services: 2, gateways },
    freshness: { state: 'FRESH' as const, observedAt: null },
  });
  return {
    ...{ totalServices: 2, matchingServices: 2, namespaces: ['shop'], serviceGroups: [], services, groups: [] },
    clusters: [cluster('east', [{ address: '192.0.2.1', port: 15443 }]), cluster('west', [])],
    paths: [
      { to: 'east', from: ['west'], gateways: 1, services: 1 },
      { to: 'west', from: ['east'], gateways: 0, services: 2 },
    ],
    edges: [],
    ...fields,
  };
}
