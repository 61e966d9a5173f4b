import { reachedHosts, routedNames } from '@isthmus/meshes';
import type { RenderedObject, RoutedName } from '@isthmus/meshes';
import type { KubeObject } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import type { OwnedObject } from '../cluster/cluster-port.js';
import type { RenderWish } from './desired.js';
import { createElapsing, nextOf } from './elapsing.js';
import type { Standing } from './lingers.js';
import { createNewHosts } from './new-hosts.js';
import type { NewHosts } from './new-hosts.js';
import { keyOf } from './object-keys.js';
import { hasItsLike, likesIn } from './write-places.js';

export interface LeadRound {
  wishes: readonly RenderWish[];
  /** Routes that stand and are to be changed, by key. */
  standing: Standing;
  owned: readonly OwnedObject[];
  /** Keys of what is to be written. */
  writes: ReadonlySet<string>;
}

/**
 * What routes name stands for a while before they do so. In one push a proxy takes a route before the cluster that the route is the
 * first to name is warm, and pushes gather what was written within moments. So routes that name something anew are written once what
 * they name has stood for its time. Routes that name nothing new never wait, nor does anything else. Only times are in memory: an
 * agent that begins anew waits anew. While the centre still asks the owners of what is named anew (step `expand`), time stands still:
 * it begins when they have confirmed, so that their proxies have it, too.
 */
export interface Leads {
  /** Hosts that are new as a whole: their rules stand before their address, and that waits. */
  readonly newHosts: NewHosts;
  /** Keys of routes that have to wait. */
  hold(round: LeadRound): ReadonlySet<string>;
  /** Global namespaces of which some routes wait for owners, of those that `hold` found. */
  waitingForOwners(): ReadonlySet<string>;
  /** Ends the round: time runs for names whose ways stand as they are wanted. When the next of what waits may be written; undefined: none waits for time alone. */
  settle(wishes: readonly RenderWish[], isInPlace: (key: string) => boolean): number | undefined;
}

/** A name waits for the objects that lead there, each with its own time for each routes that name it: these may be seen elsewhere. */
const idOf = (routes: string, { host, subset = '' }: RoutedName): string => `${routes}\n${host}\n${subset}`;

export function createLeads(clock: Clock, leadMs: number): Leads {
  const { leftOf, run } = createElapsing(clock, leadMs);
  /** Names that each held object waits for. */
  let held: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>();
  /** The same for what waits for owners. */
  let asked: readonly Waiting[] = [];
  return {
    newHosts: createNewHosts(clock, leadMs),
    hold(round) {
      const all = newNames(round).filter(({ ids }) => ids.length > 0);
      asked = all.filter(({ isAsked }) => isAsked);
      const timed = leadMs === 0 ? [] : all.filter(({ isAsked }) => !isAsked);
      const waiting = timed.map(({ key, ids }) => [key, ids.filter((id) => leftOf(id) > 0)] as const);
      held = new Map(waiting.filter(([, ids]) => ids.length > 0));
      return new Set([...held.keys(), ...asked.map(({ key }) => key)]);
    },
    waitingForOwners: () => new Set(asked.map(({ gns }) => gns)),
    settle(wishes, isInPlace) {
      const still = new Set(asked.flatMap(({ ids }) => ids));
      run(standingNames(wishes, isInPlace).filter((id) => !still.has(id)));
      const left = [...held.values()].map((ids) => Math.max(0, ...ids.map(leftOf))).filter(Number.isFinite);
      return nextOf(left);
    },
  };
}

/** Routes that name something anew. `isAsked`: its owners are asked still. */
interface Waiting {
  key: string;
  gns: string;
  ids: string[];
  isAsked: boolean;
}

/** Routes that are to be written, with the names that their likes in the cluster do not name. */
function newNames({ wishes, standing, owned, writes }: LeadRound): Waiting[] {
  return wishes.flatMap((wish) => {
    const written = routesOf(wish).filter(({ object }) => writes.has(keyOf(object)));
    if (written.length === 0) return [];
    const reached = reachedBefore(wish, likesIn(owned, wish.gns));
    return written
      .filter(({ host, object }) => (host === undefined ? standing.has(keyOf(object)) : reached.has(host)))
      .map(({ object }): Waiting => {
        const key = keyOf(object);
        const stands = standing.get(key);
        const before = new Set(stands === undefined ? [] : namesOf(stands).map((name) => idOf(key, name)));
        const ids = namesOf(object).map((name) => idOf(key, name));
        return { key, gns: wish.gns, ids: ids.filter((id) => !before.has(id)), isAsked: wish.step === 'expand' };
      });
  });
}

/**
 * Hosts that requests may come for already: a host has all of its rules before its first address in a namespace, so the others need not
 * wait. What is of no host is asked for as soon as it stands.
 */
function reachedBefore({ objects }: RenderWish, known: ReadonlySet<string>): ReadonlySet<string | undefined> {
  const addresses = objects.filter(({ orderOnceKnown, side }) => orderOnceKnown !== undefined && side === 'client');
  return new Set(addresses.filter((one) => hasItsLike(one, known)).map(({ host }) => host));
}

/** Every name of routes that has all of its ways in place. */
function standingNames(wishes: readonly RenderWish[], isInPlace: (key: string) => boolean): string[] {
  return wishes.flatMap((wish) => {
    const routes = routesOf(wish);
    if (routes.length === 0) return [];
    const open = new Set(
      wish.objects
        .filter(({ side, object }) => side === 'client' && !isInPlace(keyOf(object)))
        .flatMap(({ object }) => reachedHosts(object)),
    );
    return routes.flatMap(({ object }) =>
      namesOf(object)
        .filter(({ host }) => !open.has(host))
        .map((name) => idOf(keyOf(object), name)),
    );
  });
}

/** What callers' routes name something with. */
function routesOf({ objects }: RenderWish): RenderedObject[] {
  return objects.filter(({ side, object }) => side === 'client' && namesOf(object).length > 0);
}

const names = new WeakMap<KubeObject, readonly RoutedName[]>();

/** Rendering gives the very same object while nothing about it changes. */
function namesOf(object: KubeObject): readonly RoutedName[] {
  const known = names.get(object);
  if (known !== undefined) return known;
  const found = routedNames(object);
  names.set(object, found);
  return found;
}
