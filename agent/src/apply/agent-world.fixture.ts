import type { KubeObject } from '@isthmus/domain';
import { renderedHash } from '@isthmus/meshes';
import type { ManualClock } from '@isthmus/platform';
import { memoryCluster } from '../cluster/memory-cluster.js';
import type { MemoryCluster } from '../cluster/memory-cluster.js';
import { createBreaker } from './breaker.js';
import type { RenderWish } from './desired.js';
import { createLeads } from './leads.js';
import { createLingers } from './lingers.js';
import { createMoves } from './moves.js';
import { createPruneGate } from './prune-gate.js';
import { renderedIn } from './routed-host.fixture.js';
import type { ClusterName, Wanted } from './routed-host.fixture.js';
import { runRound } from './run-round.js';
import type { RoundResult } from './run-round.js';

export const LINGER_MS = 10_000;
export const LEAD_MS = 1000;

/** A cluster with an agent that may die and begin anew. */
export class World {
  readonly cluster: MemoryCluster = memoryCluster();
  readonly writes: string[] = [];
  readonly issues = new Set<string>();
  #lingers;
  #leads;
  #gate;
  #settled: RoundResult['settled'] | undefined;

  constructor(
    readonly name: ClusterName,
    private readonly clock: ManualClock,
    private readonly leadMs = 0,
  ) {
    this.#lingers = createLingers(clock, LINGER_MS);
    this.#leads = createLeads(clock, leadMs);
    this.#gate = createPruneGate(createBreaker(clock));
    this.cluster.onWrite = (write) => this.writes.push(write) > 0;
  }

  get objects(): KubeObject[] {
    return [...this.cluster.objects.values()];
  }

  /** No removal is held any more: the breaker would hold what several changes within ten minutes take from so few objects. */
  letEverythingGo(): void {
    this.#gate = createPruneGate({ allow: () => true, see: () => undefined });
  }

  restart(): void {
    this.#lingers = createLingers(this.clock, LINGER_MS);
    this.#leads = createLeads(this.clock, this.leadMs);
    this.#settled = undefined;
  }

  /** The agent dies before it has made one write more than these; `check` sees the cluster before each. */
  dieAfter(writes: number, check: () => void): void {
    let left = writes;
    this.cluster.onWrite = () => {
      check();
      if (left <= 0) throw new Error('killed');
      left -= 1;
      return true;
    };
  }

  /** Looks at everything in the next round, as an agent does now and then. */
  forget(): void {
    this.#settled = undefined;
  }

  async round(wanted: Wanted | undefined, more: Partial<RenderWish> = {}): Promise<RoundResult> {
    const objects = wanted === undefined ? [] : renderedIn(this.name, wanted);
    const wish: RenderWish = { gns: 'g1', kind: 'render', objects, keepHosts: new Set(), planned: false, ...more };
    const result = await runRound({
      ...{ cluster: this.cluster, record: await this.cluster.loadRecord(), fences: [], wishes: [wish], mode: 'sync' },
      ...{ gate: this.#gate, moves: createMoves(this.clock, 0), lingers: this.#lingers, leads: this.#leads },
      settled: this.#settled,
    });
    this.#settled = result.settled;
    for (const { code } of result.results.flatMap(({ issues }) => issues)) this.issues.add(code);
    return result;
  }

  /** Rounds until nothing waits for time. */
  async settle(wanted: Wanted): Promise<void> {
    for (let left: number | undefined = 0; left !== undefined; left = (await this.round(wanted)).wakeInMs)
      this.clock.advance(left);
  }

  subsets(): string[] {
    const rule = this.objects.find(({ kind }) => kind === 'DestinationRule');
    return ((rule?.spec as { subsets?: { name: string }[] } | undefined)?.subsets ?? []).map(({ name }) => name);
  }

  /** True if the cluster holds what is wanted and nothing else. */
  holds(wanted: Wanted): boolean {
    const hashes = (objects: Iterable<KubeObject>): string => [...objects].map(renderedHash).sort().join();
    return hashes(this.objects) === hashes(renderedIn(this.name, wanted).map(({ object }) => object));
  }
}

/** Rules that each lead to one destination, or to one with a mirror to a second. */
export const named = (...rules: string[][]): Wanted => ({ rules });
