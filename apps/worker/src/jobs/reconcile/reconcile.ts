import type { HeadRecord, TargetRecord, TenantTx } from '@isthmus/store';
import type { JobContext } from '../job-context.js';

async function openTargets(tx: TenantTx, heads: readonly HeadRecord[]): Promise<TargetRecord[]> {
  const all: TargetRecord[] = [];
  for (const { gns } of heads) all.push(...(await tx.targets.ofGns(gns)));
  return all.filter(({ state }) => state !== 'CLOSED');
}

/**
 * Compares what is recorded with what was compiled, whatever the outbox said: global namespaces that were never compiled or
 * are behind their spec, deleted ones that are still held, and pointers of an earlier lineage of the database. Answers how many.
 */
export async function reconcile({ store }: Pick<JobContext, 'store'>, org: string): Promise<number> {
  const epoch = await store.system.epoch();
  return store.withTenant(org, async (tx) => {
    const records = await tx.resources.all(['GlobalNamespace']);
    const heads = await tx.heads.list();
    const compiled = new Map(heads.map((head) => [head.gns, head]));
    const behind = records
      .filter(({ uid, resourceVersion }) => (compiled.get(uid)?.specVersion ?? 0) < Number(resourceVersion))
      .map(({ uid }) => uid);
    const known = new Set(records.map(({ uid }) => uid));
    const deleted = heads.filter(({ gns }) => !known.has(gns)).map(({ gns }) => gns);
    const oldHeads = heads
      .filter(({ catalogSeq, catalogEpoch }) => catalogSeq > 0 && catalogEpoch !== epoch)
      .map(({ gns }) => gns);
    const oldTargets = (await openTargets(tx, heads)).filter(({ ref }) => ref.epoch !== epoch).map(({ gns }) => gns);
    const due = new Set([...behind, ...deleted, ...oldHeads, ...oldTargets]);
    for (const gns of due) await tx.outbox.add({ topic: 'gns.compile', subject: gns });
    return due.size;
  });
}
