import type { AppliedRecord, ClusterLife, MutationTx, ResourceRecord, TenantTx } from '@isthmus/store';
import type { JobContext } from '../job-context.js';

/** How long a cluster that leaves waits for compiles of global namespaces that it is not part of. */
const PATIENCE_MS = 60_000;

/**
 * Ends the leaving of clusters: nobody uses what they owned, their agents have reported that nothing is left there, and so their
 * identities are revoked. Everything that it goes by is recorded: whoever does it may die at any point. Answers how many have left.
 */
export async function finishLeaving({ store }: Pick<JobContext, 'store'>, org: string): Promise<number> {
  const lives = await store.withTenant(org, (tx) => tx.lives.list());
  let left = 0;
  for (const { cluster } of lives.filter(({ phase }) => phase === 'LEAVING')) {
    const audit = { actor: 'system:worker', action: 'clusterLeft' };
    if (await store.mutate(org, audit, (tx) => finish(tx, cluster))) left += 1;
  }
  return left;
}

async function finish(tx: MutationTx, uid: string): Promise<boolean> {
  const life = await tx.lives.get(uid);
  const record = await tx.resources.byUid(uid);
  if (life.phase !== 'LEAVING' || record === undefined || !(await isDone(tx, { life, record }))) return false;
  const applied = await tx.targets.applied({ cluster: uid });
  if (applied.some(({ objectCount }) => objectCount > 0)) return false;
  const proof = { objects: 0, namespaces: await provenBy(tx, applied) };
  const { outcome } = await tx.lives.move({ cluster: uid, from: ['LEAVING'], to: 'LEFT', by: life.by, proof });
  if (outcome !== 'moved') return false;
  await tx.sessions.revoke(uid);
  const [before, after] = [{ phase: 'LEAVING' }, { phase: 'LEFT', proof }];
  await tx.record({ kind: 'Cluster', id: uid, name: record.name, before, after });
  return true;
}

interface Leaver {
  life: ClusterLife;
  record: ResourceRecord;
}

/** True if nothing points to the cluster any more. An agent that never came holds nothing that it could take away. */
async function isDone(tx: TenantTx, { life, record }: Leaver): Promise<boolean> {
  if (await mayBeReached(tx, life)) return false;
  if ((await tx.members.ofCluster(record.name)).length > 0) return false;
  const session = await tx.sessions.get(record.uid);
  if (session === undefined || session.session === 0) return true;
  return (await tx.targets.ofCluster(record.uid)).every(({ state }) => state === 'CLOSED');
}

/** A compile that began before the cluster was to leave may still give it something. */
async function mayBeReached(tx: TenantTx, { cluster, since }: ClusterLife): Promise<boolean> {
  if ((await tx.outbox.open('resource.changed')).includes(cluster)) return true;
  const isYoung = (await tx.now()).getTime() - since.getTime() < PATIENCE_MS;
  return isYoung && (await tx.outbox.open('gns.compile')).length > 0;
}

async function provenBy(tx: TenantTx, applied: readonly AppliedRecord[]): Promise<object[]> {
  const policies = applied.filter(({ line }) => line === 'policy');
  const known = new Map((await tx.resources.byUids(policies.map(({ gns }) => gns))).map((one) => [one.uid, one]));
  return policies.map(({ gns, ref, objectCount, appliedAt }) => {
    const record = known.get(gns);
    const name = record === undefined ? gns : `${record.project}/${record.name}`;
    return { gns: name, seq: ref.seq, objects: objectCount, reportedAt: appliedAt.toISOString() };
  });
}
