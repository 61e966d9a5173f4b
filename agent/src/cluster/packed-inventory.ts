import type { ClusterInventory, InventoryNamespace, TreeEntry } from '@isthmus/domain';
import { encodeNamespace } from '@isthmus/protocol';
import type { InventoryFacts } from '@isthmus/protocol';

/** A namespace with what a round looks at. What was found in it lies in the entry alone: some thousand services are large as objects. */
export interface PackedNamespace {
  name: string;
  labels: Readonly<Record<string, string>>;
  readable: boolean;
  /** As the centre is told; undefined of what cannot be read, and where a text in it is not well-formed. */
  entry: TreeEntry | undefined;
}

/** The inventory of a cluster as it is held in memory. */
export interface PackedInventory extends InventoryFacts {
  namespaces: readonly PackedNamespace[];
}

export function packInventory({ mesh, gateways, namespaces }: ClusterInventory): PackedInventory {
  return { mesh, gateways, namespaces: namespaces.map((namespace) => packNamespace(namespace)) };
}

export function packNamespace(namespace: InventoryNamespace): PackedNamespace {
  const { name, labels, readable } = namespace;
  return { name, labels, readable, entry: readable ? encodeNamespace(namespace) : undefined };
}
