import type { DiscoveredGateway, DiscoveredMesh, LocalNamespace } from '@isthmus/domain';
import type { InventoryReading } from '../cluster/cluster-port.js';

/** What is known of the agent's own cluster. */
export interface KnownCluster {
  namespaces: LocalNamespace[];
  gateways: DiscoveredGateway[];
  mesh: DiscoveredMesh;
}

interface Known {
  namespaces: ReadonlyMap<string, LocalNamespace>;
  gateways: ReadonlyMap<string, DiscoveredGateway>;
  mesh: DiscoveredMesh;
}

/**
 * The cluster as far as it is known. A partial reading adds and updates; it never takes away, since what was only unseen would lose
 * a view of every service, the port of a gateway, or the trust in another domain.
 */
export class KnownFacts {
  #known: Known | undefined;

  /** Undefined while no complete reading was made and there is something to lose. */
  observe(reading: InventoryReading, nothingToLose: boolean): KnownCluster | undefined {
    const seen = seenIn(reading);
    if (reading.complete) this.#known = seen;
    else if (this.#known !== undefined) this.#known = joined(this.#known, seen);
    else if (nothingToLose) return inOrder(seen);
    return this.#known && inOrder(this.#known);
  }
}

function seenIn({ inventory: { namespaces, gateways, mesh } }: InventoryReading): Known {
  return {
    namespaces: new Map(namespaces.map(({ name, labels }) => [name, { name, labels }])),
    gateways: new Map(gateways.map((gateway) => [`${gateway.namespace}/${gateway.service}`, gateway])),
    mesh,
  };
}

function joined(known: Known, seen: Known): Known {
  return {
    namespaces: new Map([...known.namespaces, ...seen.namespaces]),
    gateways: new Map([...known.gateways, ...seen.gateways]),
    mesh: { ...known.mesh, ...seen.mesh },
  };
}

function inOrder({ namespaces, gateways, mesh }: Known): KnownCluster {
  return { namespaces: values(namespaces), gateways: values(gateways), mesh };
}

function values<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
