import { objectKey } from '@isthmus/domain';
import type { KubeObject } from '@isthmus/domain';
import { inParallel } from '@isthmus/kube';
import { hasNamedParts, renderedHash, routedNames } from '@isthmus/meshes';
import type { ObservedObject } from '@isthmus/plan';
import { referenceOf } from '../cluster/cluster-port.js';
import type { ReadObject } from '../cluster/cluster-port.js';
import type { RenderWish } from './desired.js';
import { keyOf } from './object-keys.js';
import type { Round } from './run-round.js';

/**
 * What stands of the wanted objects that are about to be changed and name parts of others, or have parts that others name: as the last
 * round left it, else as the cluster holds it. What cannot be read is noted as unknown, because nothing may be taken from an object without knowing what that is.
 */
export async function readStanding(
  { cluster, settled }: Pick<Round, 'cluster' | 'settled'>,
  wishes: readonly RenderWish[],
  observed: Map<string, ObservedObject>,
): Promise<ReadonlyMap<string, KubeObject>> {
  const changing = wishes
    .flatMap(({ objects }) => objects.map(({ object }) => object))
    .filter(
      (object) =>
        isChanging(object, observed.get(keyOf(object))) && (hasNamedParts(object) || routedNames(object).length > 0),
    );
  const known = async (object: KubeObject): Promise<ReadObject> => {
    const before = settled?.get(keyOf(object))?.object;
    return before === undefined ? cluster.read(referenceOf(object)) : { state: 'ours', object: before };
  };
  const standing = new Map<string, KubeObject>();
  await inParallel(changing, cluster.parallel ?? 1, async (object) => {
    const key = objectKey(object);
    const read = await known(object);
    if (read.state === 'ours') standing.set(key, read.object);
    if (read.state === 'unknown') observed.set(key, read);
  });
  return standing;
}

function isChanging(object: KubeObject, observed: ObservedObject | undefined): boolean {
  return observed?.state === 'ours' && observed.hash !== renderedHash(object);
}
