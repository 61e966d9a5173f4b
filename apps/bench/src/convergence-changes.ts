import { performance } from 'node:perf_hooks';

/** One change on its way; times in milliseconds of this process's monotonic clock. */
export interface Change {
  marker: number;
  sent: number;
  returned?: number;
  /** When each cluster showed this change, or a later one. */
  visible: Map<string, number>;
}

/** Follows changes, each with a marker of its own that grows from one to the next, whether or not earlier ones have arrived. */
export class ChangeLog {
  readonly changes: Change[] = [];
  readonly #shown = new Map<string, Set<number>>();

  /** A change is sent now. */
  send(marker: number): Change {
    const change: Change = { marker, sent: performance.now(), visible: new Map() };
    this.changes.push(change);
    return change;
  }

  /** A cluster shows a marker: the change of it has arrived, and those before it that did not were overtaken on the way. */
  show(cluster: string, marker: number, at: number): void {
    if (!this.changes.some((change) => change.marker === marker)) return;
    this.#shown.set(cluster, (this.#shown.get(cluster) ?? new Set()).add(marker));
    for (const change of this.changes) {
      if (change.marker <= marker && !change.visible.has(cluster)) change.visible.set(cluster, at);
    }
  }

  /** Of each cluster, in no order: how many changes it showed only by a later one. */
  overtaken(clusters: readonly string[]): number[] {
    return clusters.map((cluster) => this.changes.length - (this.#shown.get(cluster)?.size ?? 0));
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
