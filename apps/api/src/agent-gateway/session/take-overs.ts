/** How often an earlier process may come back after another took over, before the identity is taken for copied. */
const MAX_RETURNS = 2;

/**
 * Tells two agents that use one identity in turns from one agent that reconnects. A process that was replaced and speaks again proves
 * that both live: boot ids are new with every start.
 */
export class TakeOvers {
  readonly #history = new Map<string, { latest: string; earlier: Set<string>; returns: number }>();

  /** Notes who connected; true when the identity is to be quarantined. */
  note(cluster: string, bootId: string): boolean {
    const known = this.#history.get(cluster);
    if (known === undefined) {
      this.#history.set(cluster, { latest: bootId, earlier: new Set(), returns: 0 });
      return false;
    }
    if (known.latest === bootId) return false;
    if (known.earlier.has(bootId)) known.returns += 1;
    known.earlier.add(known.latest);
    known.latest = bootId;
    return known.returns >= MAX_RETURNS;
  }

  forget(cluster: string): void {
    this.#history.delete(cluster);
  }
}
