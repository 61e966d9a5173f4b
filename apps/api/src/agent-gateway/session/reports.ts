import { EMPTY_ROOT } from '@isthmus/domain';
import type { Ref } from '@isthmus/domain';
import { lineKey } from '@isthmus/protocol';
import type { AgentMessageOf } from '@isthmus/protocol';
import type { AppliedRecord, AppliedReport, TenantTx } from '@isthmus/store';

type AppliedFrame = AgentMessageOf<'applied'>;

/** What follows from a report beside its row. */
type Consequence =
  | { what: 'hold'; gns: string; held: NonNullable<AppliedFrame['held']> }
  | { what: 'clear'; gns: string }
  | { what: 'close'; gns: string; seq: number };

/** What is to be written of reports that were gathered. */
export interface TakenReports {
  reports: AppliedReport[];
  consequences: Consequence[];
}

/** What one session took. */
export interface SessionReports {
  from: { cluster: string; session: number };
  taken: TakenReports;
}

/** Gathers what an agent says it applied; the newest of each line counts. Only a full application moves the acknowledged position. */
export class Reports {
  readonly #pending = new Map<string, AppliedFrame>();
  readonly #acknowledged: Map<string, Ref>;
  /** Global namespaces of which this stream has written that nothing is held. */
  readonly #unheld = new Set<string>();

  constructor(applied: readonly AppliedRecord[]) {
    this.#acknowledged = new Map(applied.map(({ gns, line, ref }) => [lineKey({ gns, line }), ref]));
  }

  add(frame: AppliedFrame): void {
    this.#pending.set(lineKey(frame), frame);
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Takes all that was gathered. */
  take(): TakenReports {
    const frames = [...this.#pending.values()];
    this.#pending.clear();
    return {
      reports: frames.flatMap((frame) => this.#reportOf(frame)),
      consequences: frames.flatMap((frame) => this.#consequencesOf(frame)),
    };
  }

  /** That nothing is held is written once in the life of a stream, and again after something was. */
  #consequencesOf({ gns, line, state, held, seq }: AppliedFrame): Consequence[] {
    if (line !== 'policy') return [];
    const all: Consequence[] = [];
    if (held) all.push({ what: 'hold', gns, held });
    else if ((state === 'APPLIED' || state === 'LEFT') && !this.#unheld.has(gns)) all.push({ what: 'clear', gns });
    if (held) this.#unheld.delete(gns);
    else if (all.length > 0) this.#unheld.add(gns);
    return state === 'LEFT' ? [...all, { what: 'close', gns, seq }] : all;
  }

  #reportOf(frame: AppliedFrame): AppliedReport[] {
    if (frame.line === 'cluster') return [];
    const { gns, line, epoch, seq, root, state, objects, objectsHash, moreIssues, ready } = frame;
    const key = lineKey(frame);
    const ref = MOVES[state]
      ? { epoch, seq, root }
      : (this.#acknowledged.get(key) ?? { epoch: 0, seq: 0, root: EMPTY_ROOT });
    this.#acknowledged.set(key, ref);
    const detail = { state, wanted: { epoch, seq, root }, objectsHash, moreIssues, ready, held: frame.held };
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

/** Writes what the sessions of several clusters took, in one transaction; answers the clusters that newer streams speak for. */
export async function writeReports(tx: TenantTx, all: readonly SessionReports[]): Promise<ReadonlySet<string>> {
  const acknowledgements = all.map(({ from, taken }) => ({ from, reports: taken.reports }));
  const fenced = await tx.targets.acknowledgeAll(acknowledgements);
  for (const { from, taken } of all) {
    if (fenced.has(from.cluster)) continue;
    for (const consequence of taken.consequences) await writeConsequence(tx, from.cluster, consequence);
  }
  return fenced;
}

async function writeConsequence(tx: TenantTx, cluster: string, consequence: Consequence): Promise<void> {
  const { what, gns } = consequence;
  switch (what) {
    case 'hold':
      if ((await tx.targets.get(cluster, gns)) === undefined) return;
      await tx.holds.hold({ cluster, kind: 'PRUNE', gns, ...consequence.held });
      return;
    case 'clear':
      await tx.holds.clear(cluster, 'PRUNE', gns);
      return;
    case 'close':
      await tx.targets.close(cluster, gns, consequence.seq);
      return;
  }
}
