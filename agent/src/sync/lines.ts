import { EMPTY_ROOT, EMPTY_TREE, applyDelta, verifyTree } from '@isthmus/domain';
import type { Tree, TreeResult } from '@isthmus/domain';
import { comparePairs, judge, lineKey, statementFault } from '@isthmus/protocol';
import type {
  AssembledSync,
  HeldLine,
  Line,
  Position,
  StatementAudience,
  StepName,
  VerifySignature,
} from '@isthmus/protocol';
import type { StoredLine } from './state-store.js';

/** A followed line. Without a tree the position is known (from the record) and the bodies are not. */
export interface FollowedLine {
  position: Position;
  tree?: Tree;
  minCatalogSeq?: number;
  /** How far the policy may go for now; undefined: all of the way. */
  step?: StepName;
}

/** What became of an offered sync. */
export type ReceiveOutcome =
  | { outcome: 'ACCEPTED'; stored: StoredLine }
  | { outcome: 'STALE' }
  | { outcome: 'NEED_FULL' }
  | { outcome: 'REFUSED'; reason: string };

/** The lines that this agent follows, with the fence. Nothing here does I/O. */
export class Lines {
  readonly #lines = new Map<string, FollowedLine>();

  constructor(
    private readonly audience: StatementAudience,
    private readonly verify: VerifySignature,
  ) {}

  /** Starts from the fence in the cluster's record and the bundle on disk. A bundle behind the fence, or damaged, gives no bodies. */
  restore(fences: readonly Position[], bundle: readonly StoredLine[]): void {
    for (const fence of fences) this.#lines.set(lineKey(fence), { position: fence });
    for (const stored of bundle) this.#restoreOne(stored);
  }

  #restoreOne(stored: StoredLine): void {
    const { statement, signature, entries } = stored;
    if (statementFault({ statement, signature }, this.audience, this.verify) !== undefined) return;
    const known = this.#lines.get(lineKey(statement))?.position;
    const verdict = judge(known, statement);
    if (verdict === 'stale' || verdict === 'fault') return;
    const result = verifyTree(entries, statement.root);
    if (result.ok) this.#lines.set(lineKey(statement), followed(stored, result.tree));
  }

  get(gns: string, line: Line): FollowedLine | undefined {
    return this.#lines.get(lineKey({ gns, line }));
  }

  /** Ids of the global namespaces with at least one line, sorted. */
  gnsIds(): string[] {
    return [...new Set([...this.#lines.values()].map(({ position }) => position.gns))].sort();
  }

  /** Every position, for hello and for the record. */
  held(): HeldLine[] {
    return [...this.#lines.values()].map(({ position, tree }) => (tree ? { ...position, have: tree.root } : position));
  }

  /** Forgets a global namespace whose objects are gone. Its policy fence stays, so that an old ref cannot bring it back. */
  forgetCatalog(gns: string): void {
    this.#lines.delete(lineKey({ gns, line: 'catalog' }));
  }

  /** Judges and takes a sync: signature, audience, fence, every body's hash, the recomputed root. All or nothing. */
  receive(sync: AssembledSync): ReceiveOutcome {
    const fault = statementFault(sync, this.audience, this.verify);
    if (fault !== undefined) return { outcome: 'REFUSED', reason: REASONS[fault] };
    const current = this.#lines.get(lineKey(sync.statement));
    const verdict = judge(current?.position, sync.statement);
    if (verdict === 'fault') return { outcome: 'REFUSED', reason: 'this position was seen with another root' };
    if (verdict === 'stale') return { outcome: 'STALE' };
    if (verdict === 'same' && current?.tree !== undefined) return { outcome: 'STALE' };
    const result = nextTree(current?.tree, sync);
    if (!result.ok) return { outcome: 'NEED_FULL' };
    const stored = toStored(sync, result.tree);
    this.#lines.set(lineKey(sync.statement), followed(stored, result.tree));
    return { outcome: 'ACCEPTED', stored };
  }

  /** True if the pair of a reported position is still the one that is followed. */
  isCurrent(position: Position): boolean {
    const current = this.#lines.get(lineKey(position));
    return current !== undefined && comparePairs(current.position, position) === 0;
  }
}

const REASONS = {
  'bad-signature': 'the statement is not signed by a pinned key',
  'other-organization': 'the statement is for another organization',
  'other-cluster': 'the statement is for another cluster',
  'cluster-missing': 'the statement names no cluster',
} as const;

function nextTree(current: Tree | undefined, { statement, delta }: AssembledSync): TreeResult {
  if (delta.from === EMPTY_ROOT) {
    if (delta.remove.length === 0) return verifyTree(delta.put, statement.root);
    return applyDelta(EMPTY_TREE, { ...delta, to: statement.root });
  }
  return applyDelta(current ?? EMPTY_TREE, { ...delta, to: statement.root });
}

function toStored({ statement, signature }: AssembledSync, tree: Tree): StoredLine {
  const { gns, line, epoch, seq, root } = statement;
  return { position: { gns, line, epoch, seq, root }, statement, signature, entries: [...tree.entries.values()] };
}

function followed({ position, statement }: StoredLine, tree: Tree): FollowedLine {
  return {
    position,
    tree,
    ...(statement.minCatalogSeq === undefined ? {} : { minCatalogSeq: statement.minCatalogSeq }),
    ...(statement.step === undefined ? {} : { step: statement.step }),
  };
}
