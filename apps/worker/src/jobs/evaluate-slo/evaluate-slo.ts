import type { TenantTx } from '@isthmus/store';
import type { JobContext } from '../job-context.js';
import { evaluateObjective } from './evaluate-objective.js';
import { objectivesOf, type Objective } from './objectives.js';

/** A window of months is read anew in seconds; this leaves room. */
const TIMEOUT_MS = 120_000;

interface Plan {
  objectives: Objective[];
  uids: ReadonlyMap<string, string>;
}

async function planOf(tx: TenantTx): Promise<Plan> {
  const records = await tx.resources.all(['Cluster', 'GlobalNamespace', 'SloPolicy']);
  const clusters = records.filter(({ kind }) => kind === 'Cluster');
  return { objectives: objectivesOf(records), uids: new Map(clusters.map(({ name, uid }) => [name, uid])) };
}

async function forget(tx: TenantTx, objectives: readonly Objective[]): Promise<void> {
  const known = new Set(objectives.map(({ gns, slo }) => `${gns} ${slo}`));
  for (const recorded of await tx.sloStates.list()) {
    if (!known.has(`${recorded.gns} ${recorded.slo}`)) await tx.sloStates.remove(recorded);
  }
}

/** Another worker that evaluates the same global namespace now has the same result. */
async function evaluateNamespace(tx: TenantTx, gns: string, { objectives, uids }: Plan): Promise<void> {
  if (!(await tx.tryLock(`slo ${gns}`))) return;
  const now = Math.floor((await tx.now()).getTime() / 1000);
  const members = await tx.members.list(gns);
  for (const objective of objectives) await evaluateObjective(tx, objective, { now, members, uids });
}

/**
 * Evaluates every objective of an organization, whether or not anything was reported: windows roll on by themselves. One
 * global namespace that fails does not keep the others from it. Answers how many global namespaces were evaluated.
 */
export async function evaluateSlos({ store, log }: Pick<JobContext, 'store' | 'log'>, org: string): Promise<number> {
  const plan = await store.withTenant(org, async (tx) => {
    const planned = await planOf(tx);
    await forget(tx, planned.objectives);
    return planned;
  });
  const namespaces = new Set(plan.objectives.map(({ gns }) => gns));
  for (const gns of namespaces) {
    const objectives = plan.objectives.filter((objective) => objective.gns === gns);
    await store
      .withTenant(org, (tx) => evaluateNamespace(tx, gns, { ...plan, objectives }), { timeoutMs: TIMEOUT_MS })
      .catch((error: unknown) => log.warn({ err: error, org, gns }, 'objectives could not be evaluated'));
  }
  return namespaces.size;
}
