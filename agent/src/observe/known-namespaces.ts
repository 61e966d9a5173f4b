import type { LocalNamespace } from '@isthmus/domain';
import type { InventoryReading } from '../cluster/cluster-port.js';

/**
 * The cluster's namespaces as far as they are known. A partial reading adds and updates; it never takes one away, since a
 * namespace that was only unseen would lose its view of every service.
 */
export class KnownNamespaces {
  #known: Map<string, LocalNamespace> | undefined;

  /** Undefined while no complete reading was made and there is something to lose. */
  observe(reading: InventoryReading, nothingToLose: boolean): LocalNamespace[] | undefined {
    const seen = reading.inventory.namespaces.map(({ name, labels }): [string, LocalNamespace] => [
      name,
      { name, labels },
    ]);
    if (reading.complete) this.#known = new Map(seen);
    else if (this.#known !== undefined) this.#known = new Map([...this.#known, ...seen]);
    else if (nothingToLose) return sorted(new Map(seen));
    return this.#known && sorted(this.#known);
  }
}

function sorted(namespaces: ReadonlyMap<string, LocalNamespace>): LocalNamespace[] {
  return [...namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
