import { issue } from '@isthmus/domain';
import type { ClusterPhase, MutationTx, PhaseMove, ResourceRecord } from '@isthmus/store';
import { failure, type MutationFailure } from '../results/failure.js';

/** What a person may do to a cluster and its agent. */
export type ClusterAct =
  | 'leaveCluster'
  | 'cancelClusterLeave'
  | 'evictCluster'
  | 'abandonCluster'
  | 'unabandonCluster'
  | 'forgetCluster'
  | 'revokeCluster'
  | 'resetCluster'
  | 'unquarantineCluster';

export interface ActContext {
  tx: MutationTx;
  cluster: ResourceRecord;
  /** Who acts. */
  by: string;
}

/** What it was before and is after the act, for the audit. */
export interface ActTrace {
  before?: unknown;
  after?: unknown;
}

type Act = (context: ActContext) => Promise<ActTrace | MutationFailure>;

/** Repeating an act changes nothing: who is there already stays there. */
export const CLUSTER_ACTS: Readonly<Record<ClusterAct, Act>> = {
  leaveCluster: (context) => toPhase(context, { from: ['MEMBER', 'LEAVING'], to: 'LEAVING' }),
  cancelClusterLeave: (context) => toPhase(context, { from: ['LEAVING', 'MEMBER'], to: 'MEMBER' }),
  evictCluster: async (context) => {
    const proof = { leftBehind: await leftBehind(context) };
    const moved = await toPhase(context, { from: ['MEMBER', 'LEAVING', 'EVICTED'], to: 'EVICTED', proof });
    if (!('failure' in moved)) await context.tx.sessions.revoke(context.cluster.uid);
    return moved;
  },
  abandonCluster: async ({ tx, cluster, by }) => {
    const session = await tx.sessions.get(cluster.uid);
    if (session?.connected === true)
      return refused(
        `The agent of ${cluster.name} is connected: drains wait for what it confirms, which takes seconds.`,
      );
    await tx.lives.abandon(cluster.uid, by);
    return { after: { abandoned: true } };
  },
  unabandonCluster: async ({ tx, cluster }) => {
    await tx.lives.abandon(cluster.uid, undefined);
    return { after: { abandoned: false } };
  },
  forgetCluster: async ({ tx, cluster, by }) => {
    const session = await tx.sessions.get(cluster.uid);
    if (session?.connected === true)
      return refused(`The agent of ${cluster.name} is connected and would report everything again.`);
    await tx.inventory.forget(cluster.uid);
    await tx.lives.forget(cluster.uid, by);
    return { after: { inventory: null } };
  },
  revokeCluster: async ({ tx, cluster }) => {
    await tx.sessions.revoke(cluster.uid);
    return { after: { revoked: true } };
  },
  resetCluster: async ({ tx, cluster }) => {
    await tx.sessions.reset(cluster.uid);
    return { after: { revoked: false, quarantine: null, clusterUid: null } };
  },
  unquarantineCluster: async ({ tx, cluster }) => {
    const session = await tx.sessions.get(cluster.uid);
    await tx.sessions.unquarantine(cluster.uid);
    return { before: { quarantine: session?.quarantine ?? null }, after: { quarantine: null } };
  },
};

async function toPhase(
  { tx, cluster, by }: ActContext,
  move: Pick<PhaseMove, 'from' | 'to' | 'proof'>,
): Promise<ActTrace | MutationFailure> {
  const { phase: before } = await tx.lives.get(cluster.uid);
  if (before === move.to) return { before: { phase: before }, after: { phase: before } };
  const { outcome, life } = await tx.lives.move({ cluster: cluster.uid, by, ...move });
  if (outcome === 'other') return refused(`${cluster.name} ${PHASE_TEXT[life.phase]}.`);
  return { before: { phase: before }, after: { phase: life.phase, proof: life.proof ?? null } };
}

const PHASE_TEXT: Readonly<Record<ClusterPhase, string>> = {
  MEMBER: 'takes part',
  LEAVING: 'is leaving',
  LEFT: 'has left already',
  EVICTED: 'was evicted',
};

function refused(message: string): MutationFailure {
  return failure('REFUSED', message, { issues: [issue('ISM0546', { path: '', message })] });
}

/** What the agent said last that the cluster holds. */
async function leftBehind({ tx, cluster }: ActContext): Promise<object[]> {
  const applied = await tx.targets.applied({ cluster: cluster.uid });
  const held = applied.filter(({ line, objectCount }) => line === 'policy' && objectCount > 0);
  const known = new Map((await tx.resources.byUids(held.map(({ gns }) => gns))).map((one) => [one.uid, one]));
  return held.map(({ gns, objectCount, appliedAt }) => {
    const record = known.get(gns);
    const name = record === undefined ? gns : `${record.project}/${record.name}`;
    return { gns: name, objects: objectCount, reportedAt: appliedAt.toISOString() };
  });
}

/**
 * The record of a cluster may go when nothing depends on it: it never had an agent, or it has left or was evicted. Else the others would
 * lose its services without a drain, and what it holds would stay without anybody knowing.
 */
export async function refusedDeletion(tx: MutationTx, cluster: ResourceRecord): Promise<MutationFailure | undefined> {
  const { phase } = await tx.lives.get(cluster.uid);
  if (phase === 'LEFT' || phase === 'EVICTED') return undefined;
  const session = await tx.sessions.get(cluster.uid);
  if (session === undefined || session.session === 0) return undefined;
  const { name } = cluster;
  const message = `Cluster ${name} ${PHASE_TEXT[phase]}: isthmus cluster leave ${name}, or, if it is gone, isthmus cluster evict ${name}`;
  const about = { path: '', message, cluster: name, resource: { kind: 'Cluster', name } };
  return failure('REFUSED', message, { issues: [issue('ISM0545', about)] });
}

/** What is kept beside a cluster's record goes with it; its certificates stay on record as revoked. */
export async function afterDeletion(tx: MutationTx, uid: string): Promise<void> {
  await tx.sessions.revoke(uid);
  await tx.inventory.forget(uid);
  await tx.refusals.clear(uid);
  await tx.lives.remove(uid);
}
