import type { JobContext } from '../job-context.js';

const BATCH = 100;

/**
 * Timers are rows: wakes the global namespaces that have a member whose drain is over, or a change that has waited for owners long
 * enough. Answers how many.
 */
export async function advanceMembers({ store }: Pick<JobContext, 'store'>, org: string): Promise<number> {
  return store.withTenant(org, async (tx) => {
    const due = new Set([...(await tx.members.dueGns(BATCH)), ...(await tx.heads.dueRollouts(BATCH))]);
    for (const gns of due) await tx.outbox.add({ topic: 'members.due', subject: gns });
    return due.size;
  });
}
