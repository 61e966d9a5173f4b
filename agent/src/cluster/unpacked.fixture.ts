import type { InventoryNamespace } from '@isthmus/domain';
import { decodeNamespace } from '@isthmus/protocol';
import type { InventoryReading } from './cluster-port.js';

/** A namespace of a reading with what was found in it, as the centre reads it. */
export function unpacked({ inventory }: InventoryReading, name: string): InventoryNamespace | undefined {
  const packed = inventory.namespaces.find((namespace) => namespace.name === name);
  if (packed === undefined) return undefined;
  const { labels, readable, entry } = packed;
  const found = decodeNamespace(entry?.body ?? '') ?? { services: [], workloads: [] };
  return { ...found, name, labels: { ...labels }, readable };
}
