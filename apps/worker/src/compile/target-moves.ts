import { EMPTY_ROOT, type Hash } from '@isthmus/domain';
import type { StepName } from '@isthmus/protocol';
import type { TargetMove, TargetRecord, TargetState } from '@isthmus/store';
import type { Signer } from '../signer/signer.js';
import type { Snapshot } from './snapshot.js';
import { signPolicy } from './statements.js';
import { reachedClusters, stepOf, type StepOf } from './steps.js';

/** Where targets are to point after a compile. */
export interface Aim {
  /** Undefined: the policy is not part of this compile, or could not be compiled; pointers to it stay. */
  policy: { root: Hash; revision: number } | undefined;
  catalogSeq: number;
  /** Names of clusters that hold a member in any state after this compile. */
  owners: ReadonlySet<string>;
  /** How far each cluster may go. */
  stepOf: StepOf;
}

interface Wanted {
  state: TargetState;
  root: Hash;
  revision?: number;
  step?: StepName | undefined;
}

/** Where one cluster's pointer belongs, or undefined if it stays where it is. */
function wantedOf(
  target: TargetRecord | undefined,
  cluster: string,
  context: { aim: Aim; isAffected: boolean; isOwner: boolean },
): Wanted | undefined {
  const { aim, isAffected, isOwner } = context;
  if (isAffected) return aim.policy && { state: 'ACTIVE', ...aim.policy, step: aim.stepOf(cluster) };
  if (target === undefined || target.state === 'CLOSED') return undefined;
  if (isOwner) return { state: target.state, root: target.ref.root, revision: target.revision, step: stepOf(target) };
  return { state: 'LEAVING', root: EMPTY_ROOT };
}

/** A cluster that is none of ours any more is told nothing: what it holds stays there, and its pointer is closed here. */
function closed(target: TargetRecord | undefined): Wanted | undefined {
  return target === undefined || target.state === 'CLOSED' ? undefined : { state: 'CLOSED', root: EMPTY_ROOT };
}

function isThere(target: TargetRecord | undefined, wanted: Wanted, epoch: number): boolean {
  if (target?.state !== wanted.state || target.ref.root !== wanted.root || target.ref.epoch !== epoch) return false;
  return stepOf(target) === wanted.step;
}

/**
 * Moves of the policy pointers: every cluster that the rules reach gets the root; one that they no longer reach keeps what it
 * has until its members have drained, then gets the empty tree; a cluster that leaves is reached by none. Pointers of another lineage,
 * or of another step, are sent again with the same root.
 */
export function targetMoves(snapshot: Snapshot, aim: Aim, signer: Signer): TargetMove[] {
  const { targets, uids, epoch, key } = snapshot;
  const names = new Map([...uids].map(([name, uid]) => [uid, name]));
  const affected = new Set(reachedClusters(snapshot).values());
  const known = new Map(targets.map((target) => [target.cluster, target]));
  const moves: TargetMove[] = [];
  for (const cluster of [...new Set([...affected, ...known.keys()])].sort()) {
    const target = known.get(cluster);
    const isOwner = aim.owners.has(names.get(cluster) ?? '');
    const isGone = !names.has(cluster);
    const isAffected = affected.has(cluster);
    const wanted = isGone ? closed(target) : wantedOf(target, cluster, { aim, isAffected, isOwner });
    if (wanted === undefined || isThere(target, wanted, epoch)) continue;
    const expectedSeq = target?.ref.seq ?? 0;
    const minCatalogSeq = wanted.state === 'ACTIVE' ? aim.catalogSeq : 0;
    const next = { epoch, seq: expectedSeq + 1, root: wanted.root };
    const { step, ...rest } = wanted;
    const signed = signPolicy(signer, key, { cluster, next, minCatalogSeq, step });
    moves.push({ cluster, gns: key.gns, expectedSeq, ...rest, ...signed, minCatalogSeq });
  }
  return moves;
}
