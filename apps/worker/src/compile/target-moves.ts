import { EMPTY_ROOT, affectedClusters, type Hash } from '@isthmus/domain';
import type { TargetMove, TargetRecord, TargetState } from '@isthmus/store';
import type { Signer } from '../signer/signer.js';
import type { Snapshot } from './snapshot.js';
import { signPolicy } from './statements.js';

/** Where targets are to point after a compile. */
export interface Aim {
  /** Undefined: the policy is not part of this compile, or could not be compiled; pointers to it stay. */
  policy: { root: Hash; revision: number } | undefined;
  catalogSeq: number;
  /** Names of clusters that hold a member in any state after this compile. */
  owners: ReadonlySet<string>;
}

interface Wanted {
  state: TargetState;
  root: Hash;
  revision?: number;
}

/** Where one cluster's pointer belongs, or undefined if it stays where it is. */
function wantedOf(
  target: TargetRecord | undefined,
  isAffected: boolean,
  context: { aim: Aim; isOwner: boolean },
): Wanted | undefined {
  const { aim, isOwner } = context;
  if (isAffected) return aim.policy && { state: 'ACTIVE', ...aim.policy };
  if (target === undefined || target.state === 'CLOSED') return undefined;
  if (isOwner) return { state: target.state, root: target.ref.root, revision: target.revision };
  return { state: 'LEAVING', root: EMPTY_ROOT };
}

/** A cluster that is none of ours any more is told nothing: what it holds stays there, and its pointer is closed here. */
function closed(target: TargetRecord | undefined): Wanted | undefined {
  return target === undefined || target.state === 'CLOSED' ? undefined : { state: 'CLOSED', root: EMPTY_ROOT };
}

function isThere(target: TargetRecord | undefined, wanted: Wanted, epoch: number): boolean {
  return target?.state === wanted.state && target.ref.root === wanted.root && target.ref.epoch === epoch;
}

/**
 * Moves of the policy pointers: every cluster that the rules reach gets the root; one that they no longer reach keeps what it
 * has until its members have drained, then gets the empty tree; a cluster that leaves is reached by none. Pointers of another lineage
 * are sent again with the same root.
 */
export function targetMoves(snapshot: Snapshot, aim: Aim, signer: Signer): TargetMove[] {
  const { gns, targets, uids, epoch, key, leaving } = snapshot;
  const names = new Map([...uids].map(([name, uid]) => [uid, name]));
  const reached = gns === undefined ? [] : affectedClusters(gns, snapshot).filter((name) => !leaving.has(name));
  const affected = new Set(reached.flatMap((name) => uids.get(name) ?? []));
  const known = new Map(targets.map((target) => [target.cluster, target]));
  const moves: TargetMove[] = [];
  for (const cluster of [...new Set([...affected, ...known.keys()])].sort()) {
    const target = known.get(cluster);
    const isOwner = aim.owners.has(names.get(cluster) ?? '');
    const isGone = !names.has(cluster);
    const wanted = isGone ? closed(target) : wantedOf(target, affected.has(cluster), { aim, isOwner });
    if (wanted === undefined || isThere(target, wanted, epoch)) continue;
    const expectedSeq = target?.ref.seq ?? 0;
    const minCatalogSeq = wanted.state === 'ACTIVE' ? aim.catalogSeq : 0;
    const next = { epoch, seq: expectedSeq + 1, root: wanted.root };
    const signed = signPolicy(signer, key, { cluster, next, minCatalogSeq });
    moves.push({ cluster, gns: key.gns, expectedSeq, ...wanted, ...signed, minCatalogSeq });
  }
  return moves;
}
