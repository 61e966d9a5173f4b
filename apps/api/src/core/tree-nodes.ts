import type { ReadNodes } from '@isthmus/domain';
import type { TenantTx } from '@isthmus/store';

/** Reads nodes of trees as the transaction sees them; bytes that are no UTF-8 are a fault of the store and throw. */
export function treeNodesIn(tx: TenantTx): ReadNodes {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return async (hashes) => {
    const objects = await tx.objects.get(hashes);
    return new Map([...objects].map(([hash, { bytes }]) => [hash, decoder.decode(bytes)]));
  };
}
