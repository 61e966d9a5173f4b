import { byCodeUnit } from '@isthmus/domain';
import type { Loaders } from '../../graphql/loaders.js';
import type { TargetModel } from './target-model.js';

/** The target in the cluster of the name, or in the first cluster by name; undefined if there is none. */
export async function targetNamed(
  targets: readonly TargetModel[],
  cluster: string | undefined,
  loaders: Pick<Loaders, 'nameOf'>,
): Promise<TargetModel | undefined> {
  const named = await Promise.all(
    targets.map(async (target) => ({ target, name: (await loaders.nameOf(target.record.cluster)) ?? '' })),
  );
  const [first] = named
    .filter(({ name }) => name !== '' && (cluster === undefined || name === cluster))
    .sort((a, b) => byCodeUnit(a.name, b.name));
  return first?.target;
}
