import type { ClusterInventory } from '@isthmus/domain';
import { decodeFacts, decodeNamespace, type InventoryFacts } from '@isthmus/protocol';
import type { InventoryHeadRecord, InventoryNamespaceRecord } from '@isthmus/store';

/** The facts of an inventory as they were stored: the canonical body itself, or its value. Undefined until reported. */
export function factsOf(facts: unknown): InventoryFacts | undefined {
  if (typeof facts === 'string') return decodeFacts(facts);
  return facts === null || facts === undefined ? undefined : decodeFacts(JSON.stringify(facts));
}

/** A cluster's inventory as the compiler takes it. A namespace whose body cannot be read counts as unreadable, never as empty. */
export function inventoryOf(
  head: InventoryHeadRecord,
  namespaces: readonly InventoryNamespaceRecord[],
): ClusterInventory {
  const { mesh = {}, gateways = [] } = factsOf(head.facts) ?? {};
  return { mesh, gateways, namespaces: namespaces.map(namespaceOf) };
}

function namespaceOf({ namespace, body, readable }: InventoryNamespaceRecord): ClusterInventory['namespaces'][number] {
  const decoded = decodeNamespace(body);
  if (decoded === undefined) return { name: namespace, labels: {}, readable: false, services: [], workloads: [] };
  return { ...decoded, readable: readable && decoded.readable };
}
