import { parseClusterEntry, type Tree } from '@isthmus/domain';

/** True if the catalog says that the owner of the cluster allows kinds that reach past the API of its mesh. */
export function mayExtend(catalog: Tree, cluster: string): boolean {
  const entry = catalog.entries.get(`cluster/${cluster}`);
  const parsed = entry === undefined ? undefined : parseClusterEntry(entry.body);
  return parsed?.ok === true && (parsed.value.rawExtensions ?? []).length > 0;
}
