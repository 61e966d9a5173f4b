import type { KubeObject } from '@isthmus/domain';
import { beforeItResolves, standsUnresolved } from '@isthmus/meshes';
import type { RenderedObject } from '@isthmus/meshes';
import type { Clock } from '@isthmus/platform';
import type { ObservedObject } from '@isthmus/plan';
import type { OwnedObject } from '../cluster/cluster-port.js';
import type { RenderWish } from './desired.js';
import { createElapsing, nextOf } from './elapsing.js';
import type { Place, Standing } from './lingers.js';
import { keyOf } from './object-keys.js';
import { hasItsLike, likesIn } from './write-places.js';

export interface NewHostRound {
  /** Objects that stand and are to be changed, by key. */
  standing: Standing;
  observed: ReadonlyMap<string, ObservedObject>;
  owned: readonly OwnedObject[];
}

/**
 * A host that is new in a namespace resolves once proxies know the way there. In one push a name resolves before the clusters and
 * routes of it are warm, and the first requests are reset. So what makes the host known is first written without its address, and
 * with it when that has stood for its time. Only times are in memory: an agent that begins anew sees from what stands that the
 * address is missing, and waits anew. What somebody took away is put back at once.
 */
export interface NewHosts {
  /** The wanted objects; those of hosts that are new without their address. */
  introduce(wishes: readonly RenderWish[], round: NewHostRound): RenderWish[];
  /** True if the object is wanted without its address still. */
  isIntroduced(key: string): boolean;
  /** Ends the round: time runs for hosts of which all stands as `introduce` gave it. When the next one may resolve; undefined: none waits for time alone. */
  settle(standsAsWanted: (place: Place) => boolean): number | undefined;
}

export function createNewHosts(clock: Clock, leadMs: number): NewHosts {
  const { leftOf, run } = createElapsing(clock, leadMs);
  let waiting = new Map<string, Place>();
  const introduced = (wanted: RenderedObject, gns: string): RenderedObject => {
    const key = keyOf(wanted.object);
    const early = beforeItResolves(wanted);
    if (early === undefined || leftOf(key) <= 0) return wanted;
    waiting.set(key, { gns, host: wanted.host });
    return early;
  };
  return {
    introduce(wishes, round) {
      waiting = new Map();
      if (leadMs === 0) return [...wishes];
      return wishes.map((wish) => {
        const isNew = newIn(wish, round);
        return { ...wish, objects: wish.objects.map((one) => (isNew(one) ? introduced(one, wish.gns) : one)) };
      });
    },
    isIntroduced: (key) => waiting.has(key),
    settle(standsAsWanted) {
      const running = [...waiting].filter(([, place]) => standsAsWanted(place)).map(([key]) => key);
      run(running);
      return nextOf(running.map(leftOf));
    },
  };
}

/** Tells objects that nobody can have resolved by: none of their host stands in the namespace, or this one without its address. */
function newIn({ gns }: RenderWish, { standing, observed, owned }: NewHostRound): (wanted: RenderedObject) => boolean {
  let known: ReadonlySet<string> | undefined;
  return (wanted) => {
    const key = keyOf(wanted.object);
    const stands = standing.get(key);
    if (stands !== undefined) return isUnresolved(stands);
    if (observed.get(key)?.state !== 'absent') return false;
    known ??= likesIn(
      owned.filter((one) => !isUnresolved(standing.get(keyOf(one)))),
      gns,
    );
    return !hasItsLike(wanted, known);
  };
}

const isUnresolved = (stands: KubeObject | undefined): boolean => stands !== undefined && standsUnresolved(stands);
