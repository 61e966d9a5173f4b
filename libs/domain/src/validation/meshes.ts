import type { DiscoveredMesh } from '../inventory/types.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import type { Cluster, MeshKind } from '../resources/types.js';
import { refOf, type WorldCheck } from './world.js';

/** Clusters of global namespaces must run a mesh that can be rendered. */
export const checkMeshes: WorldCheck = ({ reaches, renderable }) => {
  const clusters = new Set(reaches.flatMap(({ consumerClusters }) => consumerClusters));
  return [...clusters].flatMap((cluster) => meshIssue(cluster, renderable));
};

function meshIssue(cluster: Cluster, renderable: ReadonlySet<MeshKind>): Issue[] {
  const { kind, mode } = cluster.spec.mesh;
  const say = (path: string, message: string) =>
    issue('ISM0119', { path, message, resource: refOf(cluster), cluster: cluster.metadata.name });
  if (!renderable.has(kind))
    return [say('spec.mesh.kind', `cluster ${cluster.metadata.name} runs ${kind}, which is not rendered yet`)];
  if (mode === 'ambient')
    return [say('spec.mesh.mode', `cluster ${cluster.metadata.name} runs ambient, which is not rendered yet`)];
  return [];
}

/** What the record says overrides what was found; where the two differ, somebody should know. */
export const checkDiscovery: WorldCheck = ({ clusters, inventories }) =>
  [...clusters.values()].flatMap((cluster) => {
    const found = inventories.get(cluster.metadata.name)?.mesh;
    return found === undefined ? [] : differences(cluster, found);
  });

function differences(cluster: Cluster, found: DiscoveredMesh): Issue[] {
  const { mesh, trustDomain } = cluster.spec;
  const pairs: [path: string, said: string | undefined, seen: string | undefined][] = [
    ['spec.mesh.kind', mesh.kind, found.kind],
    ['spec.mesh.mode', mesh.mode ?? 'sidecar', found.mode],
    ['spec.mesh.version', mesh.version, sameDepth(found.version, mesh.version)],
    ['spec.trustDomain', trustDomain ?? 'cluster.local', found.trustDomain],
  ];
  return pairs.flatMap(([path, said, seen]) => {
    if (said === undefined || seen === undefined || said === seen) return [];
    const message = `the record of cluster ${cluster.metadata.name} says ${said}, its inventory ${seen}`;
    return [issue('ISM0130', { path, message, resource: refOf(cluster), cluster: cluster.metadata.name })];
  });
}

/** The found version with as many parts as the record's: 1.30 in the record fits every 1.30.x. */
function sameDepth(found: string | undefined, said: string | undefined): string | undefined {
  return said === undefined ? found : found?.split('.').slice(0, said.split('.').length).join('.');
}
