import { gatherMeshConfig } from '@isthmus/domain';
import type { InventoryNamespace, InventoryService, NamespaceMeshConfig } from '@isthmus/domain';

/**
 * What a new complete view takes away: namespaces, services, and services that lost all their ports or their selector, which for those who
 * call them is the same. Sorted texts, as a person reads them.
 */
export function deletedItems(
  before: ReadonlyMap<string, InventoryNamespace>,
  after: ReadonlyMap<string, InventoryNamespace>,
  unreadable: ReadonlySet<string>,
): string[] {
  const items: string[] = [];
  for (const [name, namespace] of before) {
    if (unreadable.has(name)) continue;
    const now = after.get(name);
    if (now === undefined) items.push(`namespace/${name}`);
    items.push(...lostServices(namespace, now));
  }
  return items.sort();
}

function lostServices(before: InventoryNamespace, now: InventoryNamespace | undefined): string[] {
  const left = new Map(now?.services.map((service) => [service.name, service]));
  return before.services
    .filter((service) => isLost(service, left.get(service.name)))
    .map(({ name }) => `service/${before.name}/${name}`);
}

function isLost(before: InventoryService, now: InventoryService | undefined): boolean {
  if (now === undefined) return true;
  const lostPorts = before.ports.length > 0 && now.ports.length === 0;
  const lostSelector = Object.keys(before.selector).length > 0 && Object.keys(now.selector).length === 0;
  return lostPorts || lostSelector;
}

/** Adds and updates without taking anything away; a service that would lose its ports or selector stays as it was. */
export function mergeNamespaces(stored: InventoryNamespace | undefined, seen: InventoryNamespace): InventoryNamespace {
  if (stored === undefined) return seen;
  const services = new Map(stored.services.map((service) => [service.name, service]));
  for (const service of seen.services) {
    const known = services.get(service.name);
    if (known === undefined || !isLost(known, service)) services.set(service.name, service);
  }
  const workloads = new Map(
    [...stored.workloads, ...seen.workloads].map((workload) => [`${workload.kind}/${workload.name}`, workload]),
  );
  const meshConfig = mergedConfig(stored.meshConfig, seen.meshConfig);
  return {
    ...seen,
    services: byName([...services.values()]),
    workloads: byName([...workloads.values()]),
    ...(meshConfig === undefined ? {} : { meshConfig }),
  };
}

function mergedConfig(
  stored: NamespaceMeshConfig | undefined,
  seen: NamespaceMeshConfig | undefined,
): NamespaceMeshConfig | undefined {
  if (stored === undefined || seen === undefined) return seen ?? stored;
  const objects = [...stored.objects, ...seen.objects].map(
    (object) => [`${object.kind}/${object.name}`, object] as const,
  );
  const merged = gatherMeshConfig([...new Map(objects).values()]);
  const left = Math.max(seen.left ?? 0, merged?.left ?? 0);
  return merged && { ...merged, ...(left === 0 ? {} : { left }) };
}

function byName<T extends { name: string; kind?: string }>(items: T[]): T[] {
  const key = (item: T): string => `${item.name}\n${item.kind ?? ''}`;
  return items.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
