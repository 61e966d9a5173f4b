import { objectKey } from '@isthmus/domain';
import type { KubeObject } from '@isthmus/domain';
import type { RenderedObject } from '@isthmus/meshes';
import type { PlanStep, PushPlace } from '@isthmus/plan';
import type { OwnedObject } from '../cluster/cluster-port.js';
import type { RenderWish } from './desired.js';
import { keyOf } from './object-keys.js';
import { PENDING } from './owned-set.js';

type Write = Extract<PlanStep, { action: 'create' | 'update' }>;

/** Where in the push order an object is written. */
export type WritePlaceOf = (step: Write) => PushPlace;

/**
 * Objects are written where they stand in the push order. One whose host has its like in that namespace already may have an earlier
 * place: what routes lead to comes before the routes, but the address of a new host comes last.
 */
export function writePlaces({ gns, objects }: RenderWish, owned: readonly OwnedObject[]): WritePlaceOf {
  let early: ReadonlyMap<string, number> | undefined;
  return ({ key, owned: { side, order } }) => {
    early ??= earlyPlaces(objects, likesIn(owned, gns));
    return { side, order: early.get(key) ?? order };
  };
}

/** What a global namespace has in the cluster, as texts of `likeOf`. */
export function likesIn(owned: readonly OwnedObject[], gns: string): ReadonlySet<string> {
  return new Set(owned.filter((one) => one.gns === gns && one.hash !== PENDING).map(likeOf));
}

/** True if the host of an object has its like in that namespace already. */
export function hasItsLike({ side, host, object }: RenderedObject, known: ReadonlySet<string>): boolean {
  return known.has(likeOf({ ...placeOf(object), side, host }));
}

function earlyPlaces(objects: RenderWish['objects'], known: ReadonlySet<string>): ReadonlyMap<string, number> {
  const early = new Map<string, number>();
  for (const rendered of objects) {
    const { object, orderOnceKnown } = rendered;
    if (orderOnceKnown !== undefined && hasItsLike(rendered, known)) early.set(keyOf(object), orderOnceKnown);
  }
  return early;
}

function placeOf({
  apiVersion,
  kind,
  metadata: { namespace },
}: KubeObject): Pick<OwnedObject, 'apiVersion' | 'kind' | 'namespace'> {
  return { apiVersion, kind, namespace };
}

/** The same text for objects of one kind in one namespace that serve one side of one host. */
function likeOf({
  side,
  host,
  ...ref
}: Pick<OwnedObject, 'apiVersion' | 'kind' | 'namespace' | 'side' | 'host'>): string {
  return [side, host, objectKey({ ...ref, name: '' })].join('\n');
}
