import { performance } from 'node:perf_hooks';

/** One change on its way; times in milliseconds of this process's monotonic clock. */
export interface Change {
  mode: string;
  sent: number;
  returned?: number;
  /** When each cluster showed this change, or a later one. */
  visible: Map<string, number>;
}

/** Follows changes that are sent at a fixed rate, whether or not earlier ones have arrived. */
export class ChangeLog {
  readonly changes: Change[] = [];
  /** Index of the newest change that each cluster has shown. */
  readonly #shown = new Map<string, number>();

  /** A change is sent now. */
  send(mode: string): Change {
    const change: Change = { mode, sent: performance.now(), visible: new Map() };
    this.changes.push(change);
    return change;
  }

  /** A cluster shows a mode: that of the first change after the one that it showed before. Earlier ones were overtaken. */
  show(cluster: string, mode: string, at: number): void {
    const before = this.#shown.get(cluster) ?? -1;
    const index = this.changes.findIndex((change, place) => place > before && change.mode === mode);
    if (index < 0) return;
    this.#shown.set(cluster, index);
    for (const change of this.changes.slice(before + 1, index + 1)) change.visible.set(cluster, at);
  }

  /** True once every change is visible in that many clusters. */
  isComplete(clusters: number): boolean {
    return this.changes.every(({ visible }) => visible.size === clusters);
  }
}

/** From the mutation's return to the sight in the clusters, sorted; never below nothing. */
export function delaysOf({ returned, visible }: Change): number[] {
  return [...visible.values()].map((at) => Math.max(0, at - (returned ?? at))).sort((a, b) => a - b);
}
