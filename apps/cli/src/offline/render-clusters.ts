import type { Cluster, ClusterInventory, GnsView, Issue, KubeObject, LocalFacts, OfflineResult } from '@isthmus/domain';
import { mergeResults, rendererFor } from '@isthmus/meshes';

/** Namespace of agents where nothing else is said. */
const AGENT_NAMESPACE = 'isthmus-system';

/** The objects of one cluster, in the order in which they are applied. */
export interface RenderedCluster {
  name: string;
  objects: KubeObject[];
}

interface Fleet {
  clusters: readonly Cluster[];
  inventories: ReadonlyMap<string, ClusterInventory>;
}

/** Renders every global namespace in every cluster that it reaches; clusters sorted by name. */
export function renderClusters(
  { globalNamespaces }: OfflineResult,
  { clusters, inventories }: Fleet,
): { clusters: RenderedCluster[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const sorted = [...clusters].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const rendered = sorted.flatMap((cluster): RenderedCluster[] => {
    const { name } = cluster.metadata;
    const views = globalNamespaces.flatMap(({ view, clusters: reached }): GnsView[] =>
      view !== undefined && reached.includes(name) ? [view] : [],
    );
    if (views.length === 0) return [];
    const renderer = rendererFor(cluster.spec.mesh.kind);
    const facts = localFacts(name, inventories.get(name));
    const result = mergeResults(views.map((view) => renderer.render(view, facts)));
    issues.push(...result.issues.map((one) => ({ cluster: name, ...one })));
    return [{ name, objects: result.objects.map(({ object }) => object) }];
  });
  return { clusters: rendered, issues };
}

function localFacts(cluster: string, inventory: ClusterInventory | undefined): LocalFacts {
  const { dnsCapture, acceptedTrustDomains } = inventory?.mesh ?? {};
  return {
    cluster,
    namespaces: (inventory?.namespaces ?? []).map(({ name, labels }) => ({ name, labels })),
    agentNamespace: AGENT_NAMESPACE,
    ...(inventory === undefined ? {} : { gateways: inventory.gateways }),
    ...(dnsCapture === undefined ? {} : { dnsCapture }),
    ...(acceptedTrustDomains === undefined ? {} : { acceptedTrustDomains }),
  };
}
