import {
  compileOffline,
  inventoryFromManifests,
  isPolicy,
  lintResources,
  MESH_CONFIG_KINDS,
  sortIssues,
  validateResources,
  type ClusterInventory,
  type Issue,
  type OfflineResult,
  type Resource,
  type ResourceKind,
} from '@isthmus/domain';
import type { Progress } from '../output/progress.js';
import type { LoadedBundle } from './load-bundle.js';
import { renderClusters, type RenderedCluster } from './render-clusters.js';

/** Everything that a bundle comes to without a server. */
export interface Assembly {
  clusters: RenderedCluster[];
  compiled: OfflineResult;
  issues: Issue[];
}

/** Validates and compiles a bundle, and sees what it renders to. All issues, each once, with their places. */
export function assemble(loaded: LoadedBundle, progress: Progress): Assembly {
  const resources = loaded.bundle.resources.map(({ resource }) => resource);
  const ofKind = <K extends ResourceKind>(kind: K) =>
    resources.filter((resource): resource is Extract<Resource, { kind: K }> => resource.kind === kind);
  const { inventories, issues: manifestIssues } = readInventories(loaded);
  progress.tell('checking what resources say of each other');
  const checks = validateResources(resources, { inventories });
  const clusters = ofKind('Cluster');
  const compiled = compileOffline({
    globalNamespaces: ofKind('GlobalNamespace'),
    policies: resources.filter(isPolicy),
    clusters,
    clusterGroups: ofKind('ClusterGroup'),
    inventories,
    vips: loaded.bundle.vipLock ?? [],
  });
  const rendered = renderClusters(compiled, { clusters, inventories }, (name) => progress.tell(`rendering ${name}`));
  const later = withoutRepetitions([...compiled.issues, ...rendered.issues], checks);
  const told = [...(isWhole(loaded) ? checks : checks.filter(({ code }) => !NEEDS_ALL.has(code))), ...later];
  const issues = sortIssues([...loaded.issues, ...loaded.placeAll([...manifestIssues, ...told])]);
  return { clusters: rendered.clusters, compiled, issues };
}

/** What users configured in the meshes of a bundle's clusters, judged against its global namespaces; and what could not be read. */
export function lintBundle(loaded: LoadedBundle): Issue[] {
  const resources = loaded.bundle.resources.map(({ resource }) => resource);
  const unread = loaded.issues.filter(({ severity }) => severity === 'ERROR');
  return sortIssues([...unread, ...loaded.placeAll(lintResources(resources, readInventories(loaded).inventories))]);
}

/** Issues that may only say that another document could not be read. */
const NEEDS_ALL: ReadonlySet<string> = new Set([
  'ISM0111',
  'ISM0125',
  'ISM0126',
  'ISM0127',
  'ISM0128',
  'ISM0129',
  'ISM0132',
]);

const isWhole = ({ issues }: LoadedBundle) => !issues.some(({ severity }) => severity === 'ERROR');

function readInventories({ bundle }: LoadedBundle): { inventories: Map<string, ClusterInventory>; issues: Issue[] } {
  const inventories = new Map<string, ClusterInventory>();
  const issues: Issue[] = [];
  for (const [cluster, objects] of bundle.clusters) {
    const found = inventoryFromManifests(objects);
    const mesh = { ...found.inventory.mesh, configKinds: [...MESH_CONFIG_KINDS] };
    inventories.set(cluster, { ...found.inventory, mesh });
    issues.push(...found.issues.map((one) => ({ ...one, cluster })));
  }
  return { inventories, issues };
}

/** What the compiler and the renderers say again of what the checks between resources said before, with more words. */
const REPETITIONS: Readonly<Record<string, string>> = {
  ISM0112: 'ISM0112',
  ISM0113: 'ISM0113',
  ISM0114: 'ISM0114',
  ISM0301: 'ISM0119',
  ISM0302: 'ISM0119',
  ISM0303: 'ISM0115',
  ISM0304: 'ISM0115',
  ISM0305: 'ISM0118',
  ISM0306: 'ISM0120',
};

function withoutRepetitions(later: readonly Issue[], checks: readonly Issue[]): Issue[] {
  const said = new Set<string>(checks.map(({ code }) => code));
  return later.filter(({ code }) => !said.has(REPETITIONS[code] ?? ''));
}
