import type { ResourceKind } from '@isthmus/domain';
import type { Viewer } from '../auth/viewer.js';
import type { Loaders } from './loaders.js';

/** Reads by id what the viewer may read, and nothing else. */
type Sighted = Pick<Loaders, 'resource'>;

/** Kinds of which things are told that stand in rows of their own. */
type Told = Extract<ResourceKind, 'GlobalNamespace' | 'Cluster'>;

/** True if the viewer may read every resource of the kind: then nothing has to be looked up to filter what is told of it. */
export function seesAll({ rights }: Pick<Viewer, 'rights'>, kind: ResourceKind): boolean {
  return rights.everywhere(`${kind}.read`);
}

/** True if what is told of the global namespace or cluster with this uid is the viewer's to read. */
export async function sees(viewer: Viewer, of: { kind: Told; uid: string }, loaders: Sighted): Promise<boolean> {
  return seesAll(viewer, of.kind) || (await loaders.resource.load(of.uid))?.kind === of.kind;
}

/** Of things that are told of global namespaces or clusters, those that are the viewer's to read. */
export async function seenOf<T>(
  viewer: Viewer,
  told: readonly T[],
  by: { kind: Told; uidOf: (one: T) => string; loaders: Sighted },
): Promise<T[]> {
  const { kind, uidOf, loaders } = by;
  if (seesAll(viewer, kind)) return [...told];
  const seen = await Promise.all(told.map((one) => sees(viewer, { kind, uid: uidOf(one) }, loaders)));
  return told.filter((_, index) => seen[index]);
}
