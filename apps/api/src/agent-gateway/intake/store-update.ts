import type { InventoryUpdate } from '@isthmus/store';
import type { IntakeResult, IntakeUpdate } from './inventory-intake.js';

/** What is stored of an inventory beside its namespaces. */
export type StoredFacts = IntakeUpdate['facts'] & { issues: IntakeUpdate['issues'] };

/** The update in the store's terms. The chain was checked by the intake, and the session fences other writers. */
export function storeUpdate(
  result: IntakeResult & { kind: 'write' },
  at: { bootId: string; seq: number } | undefined,
): InventoryUpdate {
  const { root, complete, put, remove } = result.update;
  const facts: StoredFacts = { ...result.update.facts, issues: result.update.issues };
  return { bootId: at?.bootId ?? '', seq: at?.seq ?? 0, root, complete, facts, put, remove };
}
