import type { Cluster, ClusterInventory, GnsView, Issue, LocalFacts, OfflineResult } from '@isthmus/domain';
import { mergeOutlines, mergeResults, rendererFor, renderYaml, type RenderResult } from '@isthmus/meshes';
import { outputPaths } from './output-paths.js';

/** Namespace of agents where nothing else is said. */
const AGENT_NAMESPACE = 'isthmus-system';

/** The output of one cluster. */
export interface RenderedCluster {
  name: string;
  /** Its files, `<cluster>/<file>.yaml`: one object each, in the order in which they are applied. */
  paths: readonly string[];
  /** Renders the files anew, in that order. A bundle's output can be larger than memory, so nobody keeps it whole. */
  texts: () => Iterable<[path: string, text: string]>;
}

interface Fleet {
  clusters: readonly Cluster[];
  inventories: ReadonlyMap<string, ClusterInventory>;
}

/** Which files every cluster gets that a global namespace reaches, and what there is to say of them; clusters sorted by name. */
export function renderClusters(
  { globalNamespaces }: OfflineResult,
  { clusters, inventories }: Fleet,
  tell: (cluster: string) => void,
): { clusters: RenderedCluster[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const sorted = [...clusters].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const rendered = sorted.flatMap((cluster): RenderedCluster[] => {
    const { name } = cluster.metadata;
    const views = globalNamespaces.flatMap(({ view, clusters: reached }): GnsView[] =>
      view !== undefined && reached.includes(name) ? [view] : [],
    );
    if (views.length === 0) return [];
    tell(name);
    const renderer = rendererFor(cluster.spec.mesh.kind);
    const facts = localFacts(name, inventories.get(name));
    const outline = mergeOutlines(views.map((view) => renderer.outline(view, facts)));
    issues.push(...outline.issues.map((one) => ({ cluster: name, ...one })));
    const paths = outputPaths(
      name,
      outline.objects.map(({ object }) => object),
    );
    const render = () => mergeResults(views.map((view) => renderer.render(view, facts)));
    return [{ name, paths, texts: () => textsOf(paths, render()) }];
  });
  return { clusters: rendered, issues };
}

/** Outline and rendering have the same objects in the same order. */
function* textsOf(paths: readonly string[], { objects }: RenderResult): Iterable<[path: string, text: string]> {
  for (const [index, { object }] of objects.entries()) yield [paths[index] ?? '', renderYaml([object])];
}

function localFacts(cluster: string, inventory: ClusterInventory | undefined): LocalFacts {
  const { dnsCapture, acceptedTrustDomains } = inventory?.mesh ?? {};
  return {
    cluster,
    namespaces: (inventory?.namespaces ?? []).map(({ name, labels }) => ({ name, labels })),
    agentNamespace: AGENT_NAMESPACE,
    passedInstant: Date.now(),
    ...(inventory === undefined ? {} : { gateways: inventory.gateways }),
    ...(dnsCapture === undefined ? {} : { dnsCapture }),
    ...(acceptedTrustDomains === undefined ? {} : { acceptedTrustDomains }),
  };
}
