import type { MutationTx, ResourceKey } from '@isthmus/store';
import { recordRevoked } from '../tokens/new-token.js';
import { scopeOfResource } from './role-faults.js';
import { subjectOf, traceOf } from './role-audit.js';

/** What was granted on a resource, and tokens for it alone, go with it: nobody holds them on another one of the same name later. */
export async function revokeScope(tx: MutationTx, key: ResourceKey): Promise<void> {
  const scope = scopeOfResource(key);
  if (scope === undefined) return;
  for (const gone of await tx.roleBindings.removeScope(scope))
    await tx.record({ ...subjectOf(gone), before: traceOf(gone) });
  const isThere = (token: { scopeKind: string; scope: string }) =>
    token.scopeKind === scope.kind && token.scope === scope.name;
  await recordRevoked(tx, await tx.tokens.revokeAt(scope), isThere);
}
