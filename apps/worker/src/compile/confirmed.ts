import { comparePairs } from '@isthmus/protocol';
import type { Snapshot } from './snapshot.js';

/** An acknowledged position of a cluster's policy line. */
interface Acknowledged {
  cluster: string;
  epoch: number;
  seq: number;
}

/** Uids of the clusters whose position stands where their pointer does now, or beyond. */
export function clustersAtTarget({ targets }: Snapshot, positions: readonly Acknowledged[]): ReadonlySet<string> {
  const refs = new Map(targets.map(({ cluster, ref }) => [cluster, ref]));
  const isThere = (at: Acknowledged): boolean => {
    const ref = refs.get(at.cluster);
    return ref !== undefined && comparePairs(at, ref) >= 0;
  };
  return new Set(positions.filter(isThere).map(({ cluster }) => cluster));
}

/** Uids of the clusters that have applied the policy that they were told last. */
export function confirmedClusters(snapshot: Snapshot): ReadonlySet<string> {
  const policies = snapshot.applied.filter(({ line }) => line === 'policy');
  return clustersAtTarget(
    snapshot,
    policies.map(({ cluster, ref: { epoch, seq } }) => ({ cluster, epoch, seq })),
  );
}
