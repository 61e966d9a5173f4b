import { DEFAULT_PROJECT } from '@isthmus/domain';
import type { Loaders } from '../../graphql/loaders.js';
import type { TargetModel } from '../targets/target-model.js';

/** Targets in a fixed order; with a name those of that global namespace, which may be none. */
export async function namespacesNamed(
  targets: readonly TargetModel[],
  key: { name: string; project?: string | null | undefined } | undefined,
  loaders: Pick<Loaders, 'resource'>,
): Promise<TargetModel[]> {
  const sorted = targets.toSorted((a, b) => (a.record.gns < b.record.gns ? -1 : 1));
  if (key === undefined) return sorted;
  const records = await Promise.all(sorted.map(({ record }) => loaders.resource.load(record.gns)));
  const project = key.project ?? DEFAULT_PROJECT;
  return sorted.filter((_, index) => records[index]?.name === key.name && records[index].project === project);
}
