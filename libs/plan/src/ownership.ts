import {
  ANNOTATIONS,
  LABELS,
  MANAGED_BY,
  byCodeUnit,
  objectKey,
  type KubeObject,
  type KubeObjectRef,
} from '@isthmus/domain';
import { contentHash, renderedHash, type RenderedObject, type Side } from '@isthmus/meshes';

/** An object that the record in the cluster says is ours: its name was written there before it was made. */
export interface OwnedObject extends KubeObjectRef {
  side: Side;
  order: number;
  host?: string;
  /** Content hash of what was applied last. */
  hash: string;
  /** Known after the object was made, where the cluster gives uids. */
  uid?: string;
}

/** What stands under a name in the cluster. `foreign`: something without our label. `unknown`: it could not be read. */
export type ObservedObject =
  | { state: 'absent' }
  /**
   * `hash`: content hash of what stands there. `isEdited`: that is not what an agent wrote, which is what its own content hash says.
   * `others`: who else holds fields of it, with the fields, where the cluster knows: `kubectl-edit (.spec.hosts)`.
   */
  | { state: 'ours'; hash: string; isEdited: boolean; uid?: string; others?: readonly string[] }
  | { state: 'foreign' }
  | { state: 'unknown'; reason: string };

/** True if the object carries our managed-by label. Only together with a name in the record does that make it ours to touch. */
export function isLabelled(object: KubeObject): boolean {
  return object.metadata.labels?.[LABELS.managedBy] === MANAGED_BY;
}

/** What is observed of an object that carries our label. */
export function observedOurs(object: KubeObject): { state: 'ours'; hash: string; isEdited: boolean } {
  const hash = contentHash(object);
  return { state: 'ours', hash, isEdited: object.metadata.annotations?.[ANNOTATIONS.contentHash] !== hash };
}

/** The record of a rendered object, before the cluster has given it a uid. */
export function ownedFrom({ object, side, order, host }: RenderedObject): OwnedObject {
  const { apiVersion, kind } = object;
  const { name, namespace } = object.metadata;
  const place = { ...(namespace === undefined ? {} : { namespace }), ...(host === undefined ? {} : { host }) };
  return { apiVersion, kind, name, ...place, side, order, hash: renderedHash(object) };
}

const SIDES: Record<Side, number> = { owner: 0, client: 1 };

/** Push order: owner side before client side, then `order`, then the key. Removal goes the other way. */
export function byPushOrder(a: OwnedObject, b: OwnedObject): number {
  return byPlace(a, b) || byCodeUnit(objectKey(a), objectKey(b));
}

/** The same order of steps, whose keys are known. */
export function byStepOrder(a: OwnedStep, b: OwnedStep): number {
  return byPlace(a.owned, b.owned) || byCodeUnit(a.key, b.key);
}

interface OwnedStep {
  key: string;
  owned: PushPlace;
}

/** A place in the push order; several objects may share it. */
export type PushPlace = Pick<OwnedObject, 'side' | 'order'>;

function byPlace(a: PushPlace, b: PushPlace): number {
  return SIDES[a.side] - SIDES[b.side] || a.order - b.order;
}
