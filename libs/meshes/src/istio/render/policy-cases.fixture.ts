import fs from 'node:fs';
import path from 'node:path';
import {
  compileOffline,
  inventoryFromManifests,
  isPolicy,
  objectKey,
  parseBundle,
  sortIssues,
  validateResources,
  type BundleFile,
  type GnsView,
  type Issue,
  type KubeObject,
  type LocalFacts,
  type Resource,
  type ResourceKind,
} from '@isthmus/domain';
import { rendererFor } from '../../registry.js';

const ROOT = path.resolve(import.meta.dirname, '../../../testdata/istio-policies');
const CASES = path.join(ROOT, 'cases');

/** Every cluster of the base bundle. */
export const CASE_CLUSTERS = ['central', 'east', 'west'];

/** One case: the base bundle and the documents that are added to it. */
export interface PolicyCase {
  name: string;
  text: string;
  files: BundleFile[];
}

/** What a bundle comes to: everything that is rendered in each cluster, and all issues. */
export interface RenderedCase {
  clusters: ReadonlyMap<string, KubeObject[]>;
  issues: Issue[];
  /** What each of them was rendered from. */
  scenes: { view: GnsView; local: LocalFacts }[];
}

/** Every case; the folder decides, so none can be forgotten. */
export function policyCases(): PolicyCase[] {
  const files = fs.readdirSync(CASES).filter((name) => name.endsWith('.yaml'));
  return files.sort().map((file) => {
    const text = fs.readFileSync(path.join(CASES, file), 'utf8');
    const name = file.slice(0, -'.yaml'.length);
    return { name, text, files: [...baseFiles(), { path: 'case.yaml', text }] };
  });
}

/** The path of a golden file. */
export function policyGolden(name: string, cluster: string): string {
  return path.join(CASES, name, `${cluster}.golden.yaml`);
}

/** The files of the base bundle. */
export function baseFiles(): BundleFile[] {
  const base = path.join(ROOT, 'base');
  const files = fs.readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return files.sort().map((name) => ({
    path: name.split(path.sep).join('/'),
    text: fs.readFileSync(path.join(base, name), 'utf8'),
  }));
}

/** Goes the whole way that `render` goes offline: parse, validate, compile, render; `arrange` may reorder the resources. */
export function renderFiles(
  files: readonly BundleFile[],
  arrange: (resources: Resource[]) => Resource[] = (resources) => resources,
  facts: Partial<LocalFacts> = {},
): RenderedCase {
  const bundle = parseBundle(files);
  const resources = arrange(bundle.resources.map(({ resource }) => resource));
  const ofKind = <K extends ResourceKind>(kind: K) =>
    resources.filter((resource): resource is Extract<Resource, { kind: K }> => resource.kind === kind);
  const inventories = new Map(
    [...bundle.clusters].map(([name, objects]) => [name, inventoryFromManifests(objects).inventory]),
  );
  const compiled = compileOffline({
    globalNamespaces: ofKind('GlobalNamespace'),
    policies: resources.filter(isPolicy),
    clusters: ofKind('Cluster'),
    clusterGroups: ofKind('ClusterGroup'),
    inventories,
    vips: [],
  });
  const issues = [...bundle.issues, ...validateResources(resources, { inventories }), ...compiled.issues];
  const clusters = new Map<string, KubeObject[]>();
  const scenes: RenderedCase['scenes'] = [];
  for (const { metadata } of ofKind('Cluster')) {
    const cluster = metadata.name;
    const namespaces = (inventories.get(cluster)?.namespaces ?? []).map(({ name, labels }) => ({ name, labels }));
    const local: LocalFacts = { cluster, namespaces, agentNamespace: 'isthmus-system', ...facts };
    const views = compiled.globalNamespaces.flatMap(({ view }) => (view === undefined ? [] : [view]));
    scenes.push(...views.map((view) => ({ view, local })));
    const rendered = views.map((view: GnsView) => rendererFor('istio').render(view, local));
    clusters.set(
      cluster,
      rendered.flatMap(({ objects }) => objects.map(({ object }) => object)),
    );
    issues.push(...rendered.flatMap((result) => result.issues));
  }
  return { clusters: new Map([...clusters].sort()), issues: sortIssues(issues), scenes };
}

/** Objects that a case adds or changes beside the base, and the names of those that it takes away. */
export function difference(
  base: readonly KubeObject[],
  now: readonly KubeObject[],
): { objects: KubeObject[]; gone: string[] } {
  const before = new Map(base.map((object) => [objectKey(object), JSON.stringify(object)]));
  const after = new Set(now.map((object) => objectKey(object)));
  return {
    objects: now.filter((object) => before.get(objectKey(object)) !== JSON.stringify(object)),
    gone: [...before.keys()].filter((key) => !after.has(key)).sort(),
  };
}
