import type { ClusterInventory } from '../inventory/types.js';
import type { Issue } from '../issues/issue.js';
import { sortIssues } from '../issues/sort-issues.js';
import { MESH_CONFIG_KINDS } from '../mesh-config/types.js';
import type { Resource } from '../resources/types.js';
import { checkForeignGateways } from '../validation/public-gateways.js';
import { worldOf } from '../validation/world.js';
import { checkMeshConfig } from './check-mesh-config.js';

/**
 * What users configured in the meshes, judged against the given global namespaces alone: the part of validateResources that changes
 * when nobody changes a resource. Sorted. Costs next to nothing while nobody configured anything.
 */
export function lintResources(
  resources: readonly Resource[],
  inventories: ReadonlyMap<string, ClusterInventory>,
): Issue[] {
  if (![...inventories.values()].some(needsJudgement)) return [];
  const world = worldOf(resources, { inventories });
  return sortIssues([...checkMeshConfig(world), ...checkForeignGateways(world)]);
}

function needsJudgement({ mesh, namespaces }: ClusterInventory): boolean {
  const isPartlyUnknown = mesh.kind === 'istio' && (mesh.configKinds ?? []).length < MESH_CONFIG_KINDS.length;
  return isPartlyUnknown || namespaces.some(({ meshConfig }) => meshConfig !== undefined);
}
