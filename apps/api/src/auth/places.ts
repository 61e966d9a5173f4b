import { DEFAULT_PROJECT, isPolicyKind, isProjectScoped, matchesSelector, type Selector } from '@isthmus/domain';
import type { ResourceRecord, ScopeKind, ScopeRef } from '@isthmus/store';

/** Where something is, as far as roles are granted there. */
export type Place =
  | { kind: 'ORGANIZATION' }
  | { kind: 'PROJECT'; project: string }
  | { kind: 'GLOBAL_NAMESPACE'; project: string; name: string }
  | { kind: 'CLUSTER_GROUP'; name: string }
  | { kind: 'CLUSTER'; name: string; labels: Readonly<Record<string, string>> };

/** A scope as it is granted on; of a cluster group with what it chooses now, nothing if it does not exist. */
export interface GrantedScope extends ScopeRef {
  clusters?: Selector;
}

export const ORGANIZATION: Place = { kind: 'ORGANIZATION' };

/** Name of the scope that is a global namespace. */
export function gnsScopeName(project: string, name: string): string {
  return `${project}/${name}`;
}

const HOLDS_AT: Readonly<Record<ScopeKind, (scope: GrantedScope, place: Place) => boolean>> = {
  ORGANIZATION: () => true,
  PROJECT: ({ name }, place) => 'project' in place && place.project === name,
  GLOBAL_NAMESPACE: ({ name }, place) =>
    place.kind === 'GLOBAL_NAMESPACE' && gnsScopeName(place.project, place.name) === name,
  CLUSTER_GROUP: ({ name, clusters }, place) =>
    place.kind === 'CLUSTER'
      ? clusters !== undefined && matchesSelector(clusters, place)
      : place.kind === 'CLUSTER_GROUP' && place.name === name,
};

/** True if what is granted on the scope holds at the place. */
export function contains(scope: GrantedScope, place: Place): boolean {
  return HOLDS_AT[scope.kind](scope, place);
}

/** The place that is the whole of a scope. */
export function placeOfScope({ kind, name }: ScopeRef): Place {
  const [project = '', gns = ''] = name.split('/');
  switch (kind) {
    case 'ORGANIZATION':
      return ORGANIZATION;
    case 'PROJECT':
      return { kind, project: name };
    case 'GLOBAL_NAMESPACE':
      return { kind, project, name: gns };
    case 'CLUSTER_GROUP':
      return { kind, name };
  }
}

/** How a place is called in messages, like `project payments`. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'ORGANIZATION':
      return 'the organization';
    case 'PROJECT':
      return `project ${place.project}`;
    case 'GLOBAL_NAMESPACE':
      return `global namespace ${place.project}/${place.name}`;
    case 'CLUSTER_GROUP':
      return `cluster group ${place.name}`;
    case 'CLUSTER':
      return `cluster ${place.name}`;
  }
}

/** What of a resource decides where it is. */
export type Placed = Pick<ResourceRecord, 'kind' | 'project' | 'name' | 'labels' | 'spec'>;

/** Where a resource is read: whoever may read its kind at all of these places may read it. Never empty. */
export function placesOf(resource: Placed): Place[] {
  const { kind, project, name, labels } = resource;
  if (kind === 'Cluster') return [{ kind: 'CLUSTER', name, labels }];
  if (kind === 'ClusterGroup') return [{ kind: 'CLUSTER_GROUP', name }];
  if (kind === 'Project') return [{ kind: 'PROJECT', project: name }];
  if (kind === 'GlobalNamespace') return [{ kind: 'GLOBAL_NAMESPACE', project, name }];
  const targeted = namedTargets(resource);
  if (targeted === undefined) return [{ kind: 'PROJECT', project }];
  return targeted.map((gns): Place => ({ kind: 'GLOBAL_NAMESPACE', project, name: gns }));
}

/** Global namespaces that a policy is about and nothing else; undefined if it is about more, or about nothing that it names. */
function namedTargets({ kind, spec }: Placed): string[] | undefined {
  if (!isPolicyKind(kind) || !('targets' in spec)) return undefined;
  const names = spec.targets.map(({ globalNamespace }) => globalNamespace);
  const known = names.filter((name) => name !== undefined);
  return known.length === 0 || known.length < names.length ? undefined : [...new Set(known)];
}

/** Kinds that policies of the whole organization name, if they are in the project of these. */
const NAMED_FROM_ABOVE: ReadonlySet<string> = new Set(['UserGroup', 'DataGroup']);

/**
 * Where a resource is changed. What says something for the whole organization is changed by those who may do so everywhere, in whatever
 * project it is kept.
 */
export function placesOfChange(resource: Placed): Place[] {
  return isForAll(resource) ? [ORGANIZATION] : placesOf(resource);
}

/** True of kinds that say something for the whole organization by the project alone in which they are kept. */
export function isKeptForAll({ kind, project }: Pick<Placed, 'kind' | 'project'>): boolean {
  return NAMED_FROM_ABOVE.has(kind) && project === DEFAULT_PROJECT;
}

function isForAll({ kind, project, spec }: Placed): boolean {
  if (!isProjectScoped(kind)) return kind === 'ClusterGroup';
  if (isKeptForAll({ kind, project })) return true;
  return 'targets' in spec && spec.targets.some((target) => 'scope' in target && target.scope === 'ORGANIZATION');
}
