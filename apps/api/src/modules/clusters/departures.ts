import type { AcknowledgedRef, AppliedRecord, MemberRecord, TargetRecord } from '@isthmus/store';

/** What a cluster has to do with one global namespace, and what still holds it there. */
export interface DepartureNamespace {
  gns: string;
  /** Hosts that the cluster has a member of. */
  hosts: string[];
  /** Of these, the ones that no other cluster serves: they go when it goes. */
  lastOf: string[];
  draining: number;
  /** When the last drain that has begun ends. */
  drainEndsAt: Date | undefined;
  /** Uids of clusters that have not confirmed yet that they stopped using its members. */
  waitingFor: string[];
  /** What its agent said last that it holds. */
  objects: number;
  reportedAt: Date | undefined;
  /** Where its pointer stands. */
  target: TargetRecord['state'] | undefined;
}

export interface DepartureFacts {
  cluster: { uid: string; name: string };
  gns: string;
  epoch: number;
  members: readonly MemberRecord[];
  targets: readonly TargetRecord[];
  acknowledged: readonly AcknowledgedRef[];
  applied: AppliedRecord | undefined;
}

/** One global namespace as the cluster leaves it, or would. */
export function departureOf(facts: DepartureFacts): DepartureNamespace {
  const { cluster, members, targets, applied, gns } = facts;
  const own = members.filter((member) => member.cluster === cluster.name);
  const elsewhere = new Set(
    members.filter((one) => one.cluster !== cluster.name && one.state === 'served').map(({ host }) => host),
  );
  const hosts = [...new Set(own.map(({ host }) => host))].sort();
  const draining = own.filter(({ state }) => state === 'draining');
  const ends = draining.flatMap(({ dueAt }) => (dueAt === undefined ? [] : [dueAt.getTime()]));
  return {
    gns,
    hosts,
    lastOf: hosts.filter((host) => !elsewhere.has(host)),
    draining: draining.length,
    drainEndsAt: ends.length === 0 ? undefined : new Date(Math.max(...ends)),
    waitingFor: laggards(facts, draining),
    objects: applied?.objectCount ?? 0,
    reportedAt: applied?.appliedAt,
    target: targets.find((target) => target.cluster === cluster.uid)?.state,
  };
}

/** Clusters that hold the global namespace and have not applied the catalog in which the members drain. */
function laggards(
  { cluster, epoch, targets, acknowledged }: DepartureFacts,
  draining: readonly MemberRecord[],
): string[] {
  const needed = Math.max(
    0,
    ...draining.filter(({ dueAt }) => dueAt === undefined).map(({ enteredSeq }) => enteredSeq),
  );
  if (needed === 0) return [];
  const reached = new Map(
    acknowledged
      .filter(({ line, ref }) => line === 'catalog' && ref.epoch === epoch)
      .map((one) => [one.cluster, one.ref.seq]),
  );
  return targets
    .filter(({ cluster: uid, state }) => uid !== cluster.uid && state !== 'CLOSED' && (reached.get(uid) ?? 0) < needed)
    .map(({ cluster: uid }) => uid);
}
