import { EMPTY_ROOT } from '@isthmus/domain';
import type { Ref } from '@isthmus/domain';
import { lineKey } from '@isthmus/protocol';
import type { AgentMessageOf } from '@isthmus/protocol';
import type { AppliedRecord, AppliedReport, TenantTx } from '@isthmus/store';

type AppliedFrame = AgentMessageOf<'applied'>;

/** Gathers what an agent says it applied; the newest of each line counts. Only a full application moves the acknowledged position. */
export class Reports {
  readonly #pending = new Map<string, AppliedFrame>();
  readonly #acknowledged: Map<string, Ref>;

  constructor(applied: readonly AppliedRecord[]) {
    this.#acknowledged = new Map(applied.map(({ gns, line, ref }) => [lineKey({ gns, line }), ref]));
  }

  add(frame: AppliedFrame): void {
    this.#pending.set(lineKey(frame), frame);
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Writes all that was gathered; `fenced`: a newer stream speaks for this cluster, nothing was written. */
  async write(tx: TenantTx, from: { cluster: string; session: number }): Promise<'written' | 'fenced'> {
    const frames = [...this.#pending.values()];
    this.#pending.clear();
    const reports = frames.flatMap((frame) => this.#reportOf(frame));
    const outcome = await tx.targets.acknowledge(from, reports);
    if (outcome === 'fenced') return outcome;
    for (const frame of frames) await writeConsequences(tx, from.cluster, frame);
    return outcome;
  }

  #reportOf(frame: AppliedFrame): AppliedReport[] {
    if (frame.line === 'cluster') return [];
    const { gns, line, epoch, seq, root, state, objects, objectsHash, moreIssues } = frame;
    const key = lineKey(frame);
    const ref = MOVES[state]
      ? { epoch, seq, root }
      : (this.#acknowledged.get(key) ?? { epoch: 0, seq: 0, root: EMPTY_ROOT });
    this.#acknowledged.set(key, ref);
    const detail = { state, wanted: { epoch, seq, root }, objectsHash, moreIssues, held: frame.held };
    return [{ gns, line, ref, objectCount: objects, issues: frame.issues, detail }];
  }
}

/** `HELD`: everything is in place, only deletions wait. */
const MOVES: Record<AppliedFrame['state'], boolean> = {
  APPLIED: true,
  HELD: true,
  LEFT: true,
  PARTIAL: false,
  WAITING: false,
  FROZEN: false,
};

async function writeConsequences(tx: TenantTx, cluster: string, frame: AppliedFrame): Promise<void> {
  const { gns, line, state, held } = frame;
  if (line !== 'policy') return;
  if (held) await tx.holds.hold({ cluster, kind: 'PRUNE', gns, ...held });
  else if (state === 'APPLIED' || state === 'LEFT') await tx.holds.clear(cluster, 'PRUNE', gns);
  if (state === 'LEFT') await tx.targets.close(cluster, gns, frame.seq);
}
