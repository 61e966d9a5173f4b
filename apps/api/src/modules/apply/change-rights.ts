import type { ResourceKey, ResourceRecord } from '@isthmus/store';
import { ORGANIZATION } from '../../auth/places.js';
import { authorizeAt, authorizeChange, forbidden, mayRead, type Viewer } from '../../auth/viewer.js';
import { keyOfResource, type DesiredResource } from './desired.js';

/** What a put makes of a resource, as far as it decides who may do so. */
function placedOf({ resource }: DesiredResource) {
  return { ...keyOfResource(resource), labels: resource.metadata.labels ?? {}, spec: resource.spec };
}

/** Throws FORBIDDEN unless the viewer may write a resource that is as it is asked for. */
export function authorizePut(viewer: Viewer, desired: DesiredResource): void {
  authorizeChange(viewer, placedOf(desired), 'write');
}

/**
 * Throws FORBIDDEN unless the viewer may change what is there. Clusters and projects that nothing was granted on before are made by
 * those who may do so in the whole organization, and so is what makes a cluster part of other groups: its labels.
 */
export function authorizeReplacement(
  viewer: Viewer,
  desired: DesiredResource,
  before: ResourceRecord | undefined,
): void {
  const after = placedOf(desired);
  const isMade = before === undefined && (after.kind === 'Cluster' || after.kind === 'Project');
  const isMoved = before !== undefined && after.kind === 'Cluster' && !sameLabels(before.labels, after.labels);
  if (isMade || isMoved) authorizeAt(viewer, `${after.kind}.write`, ORGANIZATION);
  if (before !== undefined) authorizeChange(viewer, before, 'write');
}

/** True if it is there for the viewer: what it may not even read is not. Throws FORBIDDEN if it may read and not delete it. */
export function isDeletable(viewer: Viewer, before: ResourceRecord | undefined): boolean {
  if (before === undefined || !mayRead(viewer, before)) return false;
  if (before.kind === 'Project') authorizeAt(viewer, 'Project.delete', ORGANIZATION);
  authorizeChange(viewer, before, 'delete');
  return true;
}

/** Throws FORBIDDEN where the viewer may delete nothing of the kind anywhere: before it is told what is there. */
export function authorizeDeletion({ rights }: Viewer, { kind }: ResourceKey): void {
  if (!rights.somewhere(`${kind}.delete`)) throw forbidden(`${kind}.delete`);
}

function sameLabels(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
