import { blocksFor, hasExpired, winnersOf, type BlockEntry, type BlockOf } from './features/block.js';
import type { FeatureKind, FeatureOf } from './features/features.js';
import type { GnsView, HostView, LocalFacts } from './view.js';

const NONE: readonly BlockEntry[] = [];

/**
 * What policies say of one host, merged: the one place where scopes are weighed, for renderers, issues and explanations alike.
 * Every reading is per port, because a block for a port beats one for its host.
 */
export class HostPolicies {
  private readonly blocks: readonly BlockEntry[];
  private readonly groups: ReadonlySet<string>;

  /** `passedInstant`: blocks that end by then do not count; without it nothing has ended. */
  constructor(
    gns: Pick<GnsView, 'blocks'> & Pick<LocalFacts, 'passedInstant'>,
    host: Pick<HostView, 'blocks' | 'groups'>,
  ) {
    const all = [...(gns.blocks ?? NONE), ...(host.blocks ?? NONE)];
    this.blocks = all.filter((block) => !hasExpired(block, gns.passedInstant));
    this.groups = new Set(host.groups);
  }

  /** True if no policy says anything of this host. */
  get isEmpty(): boolean {
    return this.blocks.length === 0;
  }

  /** The feature that holds, of those that are merged atomically; undefined if no policy says anything of it. */
  feature<K extends FeatureKind>(kind: K, port?: number): FeatureOf<K> | undefined {
    return this.inOrder(kind, port)[0]?.feature;
  }

  /** All blocks that hold together, in order of precedence. */
  features<K extends FeatureKind>(kind: K, port?: number): FeatureOf<K>[] {
    return winnersOf(kind, this.inOrder(kind, port)).map(({ feature }) => feature);
  }

  /** Who holds and who lost, in order of precedence, for explanations. */
  explain<K extends FeatureKind>(kind: K, port?: number): { holds: BlockOf<K>[]; lost: BlockOf<K>[] } {
    const sorted = this.inOrder(kind, port);
    const holds = winnersOf(kind, sorted);
    return { holds, lost: sorted.slice(holds.length) };
  }

  private inOrder<K extends FeatureKind>(kind: K, port: number | undefined): BlockOf<K>[] {
    return blocksFor(this.blocks, kind, { groups: this.groups, ...(port === undefined ? {} : { port }) });
  }
}
