import type { WatchHint } from './cluster/cluster-port.js';

/** What a round has to look at beside what is wanted. */
export interface DueWork {
  /** The cluster's content is read again. */
  inventory: boolean;
  /** Every owned object is looked at, whatever earlier rounds found. */
  drift: boolean;
  /** Keys of objects that may have changed. */
  objects: ReadonlySet<string>;
}

/** How often the cluster is read although nothing was heard, and how often everything owned is looked at: missed events. */
const INVENTORY_MS = 30_000;
const DRIFT_MS = 60_000;

/** Gathers between rounds what the next one has to look at. At first that is everything. */
export class Due {
  #inventory = true;
  #drift = true;
  #objects = new Set<string>();
  #inventoryAt = 0;
  #driftAt = 0;

  /** Something changed; without a hint anything may have. */
  note(hint?: WatchHint): void {
    if (hint === undefined) this.everything();
    else if (hint.what === 'inventory') this.#inventory = true;
    else this.#objects.add(hint.key);
  }

  everything(): void {
    this.#inventory = true;
    this.#drift = true;
  }

  /** Takes what is due by now; what comes from here on is for the round after. */
  take(now: number): DueWork {
    const drift = this.#drift || now - this.#driftAt >= DRIFT_MS;
    const inventory = this.#inventory || now - this.#inventoryAt >= INVENTORY_MS;
    if (drift) this.#driftAt = now;
    if (inventory) this.#inventoryAt = now;
    const objects = this.#objects;
    this.#inventory = false;
    this.#drift = false;
    this.#objects = new Set();
    return { inventory, drift, objects };
  }
}
