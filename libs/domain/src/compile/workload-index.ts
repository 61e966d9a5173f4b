import type { InventoryNamespace, InventoryWorkload } from '../inventory/types.js';

/** Finds the workloads that a service selector matches without trying each: by the selector's rarest pair. */
export class WorkloadIndex {
  private readonly byPair = new Map<string, InventoryWorkload[]>();

  constructor(namespace: Pick<InventoryNamespace, 'workloads'>) {
    for (const workload of namespace.workloads) {
      for (const [name, value] of Object.entries(workload.labels)) {
        const pair = `${name}=${value}`;
        const known = this.byPair.get(pair);
        if (known === undefined) this.byPair.set(pair, [workload]);
        else known.push(workload);
      }
    }
  }

  /** Workloads that carry every pair of the selector; none for an empty selector. */
  matching(selector: Record<string, string>): InventoryWorkload[] {
    const pairs = Object.entries(selector);
    let rarest: InventoryWorkload[] | undefined;
    for (const [name, value] of pairs) {
      const found = this.byPair.get(`${name}=${value}`) ?? [];
      if (rarest === undefined || found.length < rarest.length) rarest = found;
    }
    return (rarest ?? []).filter((workload) => pairs.every(([name, value]) => workload.labels[name] === value));
  }
}
