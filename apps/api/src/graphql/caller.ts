import { unauthenticated, type Viewer } from '../auth/viewer.js';
import type { Permission } from '../auth/permissions.js';
import type { Context } from './context.js';

/** The signed-in caller of an operation; throws UNAUTHENTICATED without one. */
export function callerOf(context: Context): Viewer {
  if (context.viewer === undefined) throw unauthenticated();
  return context.viewer;
}

/** True if the caller holds the permission: what `viewerCan…` fields answer. */
export function may(context: Context, permission: Permission): boolean {
  return context.viewer?.permissions.has(permission) ?? false;
}
