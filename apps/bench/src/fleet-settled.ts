import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BenchCluster } from './convergence-fleet.js';
import type { RunningProduct } from './convergence-product.js';

/** A running product with clusters that exist only on disk. */
export interface Fleet {
  product: Pick<RunningProduct, 'graphql'>;
  clusters: readonly BenchCluster[];
}

/** A fleet in which nothing moves any more. Milliseconds since a begin. */
export interface Settled {
  /** Of each cluster. */
  files: number[];
  lastWriteMs: number[];
  inSyncMs: number;
}

const PATIENCE_MS = 600_000;
const LOOK_MS = 1000;
/** So long nothing may change before the fleet counts as settled; it is not part of what is measured. */
const QUIET_MS = 4000;

/** Waits until every target has applied what is wanted and nothing moves any more; times are since `begin`. */
export async function untilQuiet(fleet: Fleet, begin: number): Promise<Settled> {
  const watched = new Watched(fleet.clusters.length);
  for (;;) {
    const [targets, files] = [await lookAtTargets(fleet), await Promise.all(fleet.clusters.map(filesIn))];
    const at = performance.now() - begin;
    watched.note({ targets, files, at });
    const settled = watched.settledFor(at, QUIET_MS);
    if (settled !== undefined) return settled;
    if (at > PATIENCE_MS) throw new Error(`after ${PATIENCE_MS / 1000} s: ${JSON.stringify({ targets, files })}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

interface Look {
  targets: readonly Target[];
  files: readonly number[];
  at: number;
}

class Watched {
  #targets = '';
  #inSyncAt: number | undefined;
  #files: { count: number; at: number }[] = [];

  constructor(private readonly clusters: number) {}

  note({ targets, files, at }: Look): void {
    const isInSync =
      targets.length === this.clusters &&
      targets.every(({ inSync, status }) => inSync === true && status === 'APPLIED');
    const text = JSON.stringify(targets);
    if (!isInSync) this.#inSyncAt = undefined;
    else if (this.#inSyncAt === undefined || text !== this.#targets) this.#inSyncAt = at;
    this.#targets = text;
    this.#files = files.map((count, index) => {
      const before = this.#files[index];
      return before?.count === count ? before : { count, at };
    });
  }

  settledFor(now: number, quietMs: number): Settled | undefined {
    const inSyncMs = this.#inSyncAt;
    const lastWriteMs = this.#files.map(({ at }) => at);
    if (inSyncMs === undefined || now - Math.max(inSyncMs, ...lastWriteMs) < quietMs) return undefined;
    return { files: this.#files.map(({ count }) => count), lastWriteMs, inSyncMs };
  }
}

interface Target {
  inSync: boolean | null;
  status: string;
}

interface TargetsAnswer {
  clusters: { nodes: { targets: { nodes: Target[] } }[] };
}

const TARGETS = `{ clusters(first: 100) { nodes { targets(first: 10) { nodes {
  inSync status wanted { position { seq root } } wantedCatalog { seq root } } } } } }`;

async function lookAtTargets({ product }: Fleet): Promise<Target[]> {
  const answer = await product.graphql<TargetsAnswer>(TARGETS, {});
  return answer.clusters.nodes.flatMap((cluster) => cluster.targets.nodes);
}

async function filesIn({ rendered }: BenchCluster): Promise<number> {
  const folders = await readdir(rendered, { withFileTypes: true });
  const counts = folders.map(async ({ name }) => {
    const files = await readdir(join(rendered, name)).catch(() => []);
    return files.filter((file) => file.endsWith('.yaml')).length;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
