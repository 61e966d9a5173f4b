import { unauthenticated, type Viewer } from '../auth/viewer.js';
import type { Need } from '../auth/permissions.js';
import type { Place } from '../auth/places.js';
import type { Context } from './context.js';

/** The signed-in caller of an operation; throws UNAUTHENTICATED without one. */
export function callerOf(context: Context): Viewer {
  if (context.viewer === undefined) throw unauthenticated();
  return context.viewer;
}

/** True if the caller holds the permission at all of the places: what `viewerCan…` fields answer. */
export function may(context: Context, need: Need, ...places: readonly Place[]): boolean {
  return context.viewer?.rights.may(need, ...places) ?? false;
}
