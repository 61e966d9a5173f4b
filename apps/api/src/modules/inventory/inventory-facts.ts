import type { ClusterInventory, InventoryNamespace, Issue } from '@isthmus/domain';
import type { InventoryNamespaceRecord } from '@isthmus/store';
import { issuesOfJson } from '../issues/issue-json.js';

/** Mesh facts and gateways, as the gateway stored them after checking what an agent sent. */
export type InventoryFacts = Pick<ClusterInventory, 'mesh' | 'gateways'>;

/** The facts of an inventory; undefined until they were reported. */
export function factsOf(facts: unknown): InventoryFacts | undefined {
  if (typeof facts !== 'object' || facts === null) return undefined;
  const { mesh, gateways } = facts as Partial<InventoryFacts>;
  return mesh === undefined && gateways === undefined ? undefined : { mesh: mesh ?? {}, gateways: gateways ?? [] };
}

/** What the agent could not read, or not understand, as the gateway stored it. */
export function inventoryIssues(facts: unknown): Issue[] {
  return typeof facts === 'object' && facts !== null && 'issues' in facts ? issuesOfJson(facts.issues) : [];
}

/** A namespace as it was stored; undefined if its body is none. */
export function namespaceOf({ body, readable }: InventoryNamespaceRecord): InventoryNamespace | undefined {
  const value = parsed(body);
  const isWhole = Array.isArray(value?.services) && Array.isArray(value.workloads) && typeof value.labels === 'object';
  return isWhole ? { ...(value as InventoryNamespace), readable } : undefined;
}

/** A namespace as the compiler takes it: one whose body cannot be read counts as unreadable, never as empty. */
export function readableNamespace(record: InventoryNamespaceRecord): InventoryNamespace {
  const { namespace: name } = record;
  return namespaceOf(record) ?? { name, labels: {}, readable: false, services: [], workloads: [] };
}

function parsed(body: string): Partial<InventoryNamespace> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
