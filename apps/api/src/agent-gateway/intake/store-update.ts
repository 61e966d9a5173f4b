import type { InventoryUpdate } from '@isthmus/store';
import type { IntakeResult } from './inventory-intake.js';

/** The update in the store's terms. The chain was checked by the intake, and the session fences other writers. */
export function storeUpdate(
  result: IntakeResult & { kind: 'write' },
  at: { bootId: string; seq: number } | undefined,
): InventoryUpdate {
  const { root, complete, facts, put, remove } = result.update;
  return { bootId: at?.bootId ?? '', seq: at?.seq ?? 0, root, complete, facts, put, remove };
}
