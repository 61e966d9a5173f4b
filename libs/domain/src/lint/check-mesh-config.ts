import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { sortIssues } from '../issues/sort-issues.js';
import { MESH_CONFIG_KINDS } from '../mesh-config/types.js';
import { encryptionByGns } from '../validation/policies.js';
import { refOf, scopedName, type GnsReach, type World, type WorldCheck } from '../validation/world.js';
import { named } from './host-patterns.js';
import { LINT_RULES } from './lint-rules.js';
import { configOf, sitesOf, type ClusterConfig, type LintSite } from './lint-site.js';

/** Most findings that are told of one global namespace. */
export const MAX_FINDINGS = 200;

/** What users configured in the meshes, judged against every global namespace. */
export const checkMeshConfig: WorldCheck = (world) => {
  const configs = new Map<string, ClusterConfig>();
  for (const view of world.views) {
    const config = configOf(view);
    if (config !== undefined) configs.set(view.cluster.metadata.name, config);
  }
  const modes = encryptionByGns(world);
  const found = world.reaches.flatMap((reach) => {
    const [policy] = modes.get(scopedName(reach.gns)) ?? [];
    return limited(reach, sitesOf(reach, { world, configs, mode: policy?.spec.mode }).flatMap(lintSite));
  });
  return [...found, ...unseen(world)];
};

function lintSite(site: LintSite): Issue[] {
  return MESH_CONFIG_KINDS.flatMap((kind) =>
    site.of(kind).length === 0 ? [] : LINT_RULES[kind].flatMap((rule) => rule(site)),
  );
}

/** The first findings of a global namespace, the worst first, and how many more there are. */
function limited({ gns }: GnsReach, found: readonly Issue[]): Issue[] {
  if (found.length <= MAX_FINDINGS) return [...found];
  const isError = ({ severity }: Issue) => severity === 'ERROR';
  const sorted = sortIssues(found);
  const kept = [...sorted.filter(isError), ...sorted.filter((one) => !isError(one))].slice(0, MAX_FINDINGS);
  const message = `${found.length - kept.length} more findings about ${gns.metadata.name} are not listed`;
  return [...kept, issue('ISM0802', { message, resource: refOf(gns) })];
}

/** Clusters whose mesh configuration is not known, or not whole. */
function unseen({ views, reaches }: World): Issue[] {
  const taking = new Set(
    reaches.flatMap(({ memberClusters, consumerClusters }) => [...memberClusters, ...consumerClusters]),
  );
  return views.flatMap(({ cluster, inventory: { mesh, namespaces } }): Issue[] => {
    if (!taking.has(cluster) || mesh.kind !== 'istio') return [];
    const { name } = cluster.metadata;
    const about = { resource: refOf(cluster), cluster: name };
    const unknown = MESH_CONFIG_KINDS.filter((kind) => !(mesh.configKinds ?? []).includes(kind));
    const what = unknown.length === MESH_CONFIG_KINDS.length ? 'what users configured' : named(unknown);
    const cut = namespaces.filter(({ meshConfig }) => (meshConfig?.left ?? 0) > 0);
    const left = cut.reduce((sum, { meshConfig }) => sum + (meshConfig?.left ?? 0), 0);
    const places = named(cut.map((namespace) => namespace.name));
    return [
      ...(unknown.length === 0
        ? []
        : [issue('ISM0800', { ...about, message: `${what} in the mesh of cluster ${name} is not known` })]),
      ...(left === 0 ? [] : [issue('ISM0801', { ...about, message: `${left} objects in ${places} are not judged` })]),
    ];
  });
}
