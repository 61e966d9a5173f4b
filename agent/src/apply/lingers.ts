import { isReachedByName, leadsFromOutside, lostParts, withLostParts, withViewers } from '@isthmus/meshes';
import type { RenderedObject } from '@isthmus/meshes';
import type { KubeObject } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import type { OwnedObject } from '../cluster/cluster-port.js';
import type { RenderWish } from './desired.js';
import { createElapsing, nextOf } from './elapsing.js';
import { keyOf } from './object-keys.js';

/** A host of one global namespace; without a host what stands for all of them. */
export interface Place {
  gns: string;
  host: string | undefined;
}

/**
 * What others name goes seconds after they stopped: routes name subsets, subsets select endpoints, other clusters dial ports and names
 * of gateways. Proxies get what a cluster holds by pushes that may come between any two writes, and take things away before the
 * routes that name them. So an object is first written with what stands and is not wanted any more; that goes once the new routes
 * stand and the proxies have had time to take them. What stands in the cluster says what lingers, so an agent that was killed goes
 * on, and waits anew. What other clusters may name of an owner has no time while the centre still asks them (any step).
 */
export interface Lingers {
  /** The wanted objects, with what of the standing ones has not had its time. `standing`: those that are to be changed, by key. */
  extend(wishes: readonly RenderWish[], round: LingerRound): RenderWish[];
  /** Removals that may go now; the others wait for their time. */
  due(removals: readonly OwnedObject[], wishes: readonly RenderWish[]): OwnedObject[];
  /** Ends the round: time runs for what lingers where the new routes stand. When the next of it is over; undefined: none waits for time alone. */
  settle(standsAsWanted: (place: Place) => boolean): number | undefined;
}

export interface LingerRound {
  all: readonly RenderWish[];
  standing: Standing;
  /** Every name in the record. */
  owned: readonly OwnedObject[];
}

export type Standing = ReadonlyMap<string, KubeObject>;

/** What lingers, by the key of its object and its own name. `isOver`: its time is over, and it is to go. */
type Waiting = Map<string, { place: Place; isOver: boolean }>;

export function createLingers(clock: Clock, lingerMs: number): Lingers {
  const { leftOf, run } = createElapsing(clock, lingerMs);
  let waiting: Waiting = new Map();
  const waits = (id: string, place: Place): boolean => {
    const isOver = leftOf(id) <= 0;
    waiting.set(id, { place, isOver });
    return !isOver;
  };
  return {
    extend(wishes, round) {
      waiting = new Map();
      return round.standing.size === 0 ? [...wishes] : wishes.map((wish) => extendWish(wish, { ...round, waits }));
    },
    due(removals, wishes) {
      const served = servedPlaces(removals, wishes);
      const asked = new Set(wishes.filter(({ step }) => step !== undefined).map(({ gns }) => gns));
      return removals.filter((owned) => {
        const place = placeOf(owned.gns, owned);
        if (!isReachedByName(owned) || !served.has(idOf(place))) return true;
        return !asked.has(owned.gns) && !waits(`${keyOf(owned)}\n`, place);
      });
    },
    settle(standsAsWanted) {
      const running = [...waiting].filter(([, { place }]) => standsAsWanted(place));
      run(running.map(([id]) => id));
      return nextOf(running.filter(([, { isOver }]) => !isOver).map(([id]) => leftOf(id)));
    },
  };
}

interface Extending extends LingerRound {
  waits: (id: string, place: Place) => boolean;
}

function extendWish(wish: RenderWish, { all, standing, owned, waits }: Extending): RenderWish {
  const visitors = unwantedVisitors(wish.gns, { all, owned });
  const beside = objectsByHost(all.filter(({ gns }) => gns === wish.gns));
  const objects = wish.objects.map((wanted) => {
    const key = keyOf(wanted.object);
    const stands = standing.get(key);
    if (stands === undefined) return wanted;
    const seen = visitors.size === 0 ? undefined : withViewers(stands, wanted, visitors);
    // They are looked at again after a while, and stay however long their routes are held.
    if (seen !== undefined) waits(`${key}\nexportTo`, { gns: wish.gns, host: undefined });
    const rendered = seen ?? wanted;
    const place = placeOf(wish.gns, rendered);
    const lost = lostParts(stands, rendered.object, beside(rendered.host));
    const parts = new Set(lost.filter((part) => waits(`${key}\n${part}`, place)));
    return parts.size === 0 ? rendered : withLostParts(stands, rendered, parts);
  });
  return { ...wish, objects };
}

/** Namespaces whose gateways have routes that are not wanted any more and stand: these may be held, and visitors still come. */
function unwantedVisitors(gns: string, { all, owned }: Omit<LingerRound, 'standing'>): ReadonlySet<string> {
  const routes = owned.filter((one) => one.gns === gns && leadsFromOutside(one));
  if (routes.length === 0) return new Set();
  const wanted = new Set(all.flatMap(({ objects }) => objects.map(({ object }) => keyOf(object))));
  return new Set(routes.filter((one) => !wanted.has(keyOf(one))).flatMap(({ namespace }) => namespace ?? []));
}

/** The objects of a host, looked up when the first one is asked for. */
function objectsByHost(wishes: readonly RenderWish[]): (host: string | undefined) => readonly KubeObject[] {
  let hosts: Map<string | undefined, KubeObject[]> | undefined;
  return (host) => {
    hosts ??= groupByHost(wishes.flatMap(({ objects }) => objects));
    return hosts.get(host) ?? [];
  };
}

function groupByHost(objects: readonly RenderedObject[]): Map<string | undefined, KubeObject[]> {
  const hosts = new Map<string | undefined, KubeObject[]>();
  for (const { host, object } of objects) {
    const group = hosts.get(host);
    if (group === undefined) hosts.set(host, [object]);
    else group.push(object);
  }
  return hosts;
}

/** Places that this cluster goes on serving. What is left as a whole was drained before, so none of it has to wait. */
function servedPlaces(removals: readonly OwnedObject[], wishes: readonly RenderWish[]): ReadonlySet<string> {
  if (!removals.some(isReachedByName)) return new Set();
  const served = wishes.flatMap(({ gns, objects }) =>
    objects.filter(({ side }) => side === 'owner').map((rendered) => idOf(placeOf(gns, rendered))),
  );
  return new Set(served);
}

function placeOf(gns: string, { host }: { host?: string }): Place {
  return { gns, host };
}

export function idOf({ gns, host = '' }: Place): string {
  return `${gns}\n${host}`;
}
