import type { ReadNodes } from '@isthmus/domain';
import type { Store } from '@isthmus/store';

/** Reads the texts of stored tree nodes of an organization. */
export function nodeReader(store: Store, org: string): ReadNodes {
  const decoder = new TextDecoder();
  return async (hashes) => {
    const found = await store.withTenant(org, (tx) => tx.objects.get(hashes));
    return new Map([...found].map(([hash, { bytes }]) => [hash, decoder.decode(bytes)]));
  };
}
