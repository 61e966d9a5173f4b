import { RESOURCE_KINDS, type ResourceKind } from '@isthmus/domain';
import type { ResourceBound, TenantTx } from '@isthmus/store';
import { mayRead, type Viewer } from './viewer.js';

type Asking = Pick<Viewer, 'rights'>;

/** Which of the resources of these kinds the viewer may read, for the store to list and count; undefined: all of them. */
export async function boundsFor(
  tx: Pick<TenantTx, 'resources'>,
  viewer: Asking,
  kinds: readonly ResourceKind[] = RESOURCE_KINDS,
): Promise<ResourceBound[] | undefined> {
  const partly = kinds.filter((kind) => !viewer.rights.everywhere(`${kind}.read`));
  if (partly.length === 0) return undefined;
  const wholly = kinds.filter((kind) => !partly.includes(kind));
  return [
    ...(wholly.length === 0 ? [] : [{ kinds: wholly }]),
    ...projectBounds(viewer, partly),
    ...namespaceBounds(viewer, partly),
    ...(await fleetBounds(tx, viewer, partly)),
  ];
}

function scopesOf({ rights }: Asking, kind: 'PROJECT' | 'GLOBAL_NAMESPACE'): string[] {
  return [...new Set(rights.grants.filter(({ scope }) => scope.kind === kind).map(({ scope }) => scope.name))];
}

function projectBounds(viewer: Asking, kinds: readonly ResourceKind[]): ResourceBound[] {
  return scopesOf(viewer, 'PROJECT').flatMap((project) => {
    const readable = kinds.filter((kind) => viewer.rights.may(`${kind}.read`, { kind: 'PROJECT', project }));
    return readable.length === 0 ? [] : [{ kinds: readable, project }];
  });
}

/** A policy about two global namespaces needs both, of its own kind: so each kind has its own set. */
function namespaceBounds(viewer: Asking, kinds: readonly ResourceKind[]): ResourceBound[] {
  const named = scopesOf(viewer, 'GLOBAL_NAMESPACE').map((scope) => {
    const [project = '', name = ''] = scope.split('/');
    return { project, name };
  });
  const projects = [...new Set(named.map(({ project }) => project))];
  return projects.flatMap((project) =>
    kinds.flatMap((kind): ResourceBound[] => {
      const globalNamespaces = named
        .filter((one) => one.project === project)
        .filter(({ name }) => viewer.rights.may(`${kind}.read`, { kind: 'GLOBAL_NAMESPACE', project, name }))
        .map(({ name }) => name);
      return globalNamespaces.length === 0 ? [] : [{ kinds: [kind], project, globalNamespaces }];
    }),
  );
}

/** Clusters and their groups by name: which clusters a group chooses is no matter of the store. */
async function fleetBounds(
  tx: Pick<TenantTx, 'resources'>,
  viewer: Asking,
  kinds: readonly ResourceKind[],
): Promise<ResourceBound[]> {
  const fleet = kinds.filter((kind) => kind === 'Cluster' || kind === 'ClusterGroup');
  if (!viewer.rights.grants.some(({ scope }) => scope.kind === 'CLUSTER_GROUP')) return [];
  const readable = (await tx.resources.all(fleet)).filter((record) => mayRead(viewer, record));
  return fleet.map((kind) => ({
    kinds: [kind],
    names: readable.filter((record) => record.kind === kind).map(({ name }) => name),
  }));
}
