import type { MutationTx, ResourceKey } from '@isthmus/store';
import { scopeOfResource } from './role-faults.js';
import { subjectOf, traceOf } from './role-audit.js';

/** What was granted on a resource goes with it, so that nobody holds it on another one of the same name later. */
export async function revokeScope(tx: MutationTx, key: ResourceKey): Promise<void> {
  const scope = scopeOfResource(key);
  if (scope === undefined) return;
  for (const gone of await tx.roleBindings.removeScope(scope))
    await tx.record({ ...subjectOf(gone), before: traceOf(gone) });
}
