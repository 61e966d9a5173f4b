import {
  ANNOTATIONS,
  concerns,
  isPolicy,
  objectKey,
  sortIssues,
  type Issue,
  type KubeObject,
  type Resource,
} from '@isthmus/domain';
import { renderYaml } from '@isthmus/meshes';
import { diffObjects } from '@isthmus/plan';
import type { ResourceRecord } from '@isthmus/store';
import { keyText } from '../modules/apply/desired.js';
import { resourceOf } from '../modules/resources/resource-document.js';
import type { ClusterPreview, ObjectChange, Preview, PreviewInput } from './preview.js';
import type { Recorded } from './recorded.js';
import { renderWorld } from './render-world.js';
import { unifiedDiff } from './unified-diff.js';

/** Object diffs of one cluster that are spelled out; the counts are always whole. */
const MAX_OBJECTS = 200;

/** Kinds whose change can move every global namespace. */
const WIDE_KINDS: ReadonlySet<Resource['kind']> = new Set(['Cluster', 'ClusterGroup', 'Project']);

/** Renders both states of the global namespaces that the change can touch, and compares them cluster by cluster. */
export function compareWorlds(input: PreviewInput, recorded: Recorded): Preview {
  const { inventories, leaving } = input;
  const isTouched = touchedBy(input);
  const before = renderWorld({ resources: input.before, inventories, recorded, leaving }, isTouched);
  const after = renderWorld({ resources: input.after, inventories, recorded, leaving }, isTouched);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const clusters = names.flatMap((cluster) => {
    const issues = after.get(cluster)?.issues ?? [];
    const compared = compare(cluster, before.get(cluster)?.objects ?? [], after.get(cluster)?.objects ?? []);
    return compared === undefined ? [] : [{ ...compared, issues: sortIssues(issues.filter(isOf(cluster))) }];
  });
  return { clusters, unknownClusters: names.filter((name) => !inventories.has(name)) };
}

const isOf = (name: string) => (issue: Issue) => issue.cluster === undefined || issue.cluster === name;

/** A global namespace is touched if it changes itself, a policy of its project names it, or something wide changes. */
function touchedBy({ before, after, changed }: PreviewInput): (gns: ResourceRecord) => boolean {
  const moved = [...before, ...after].filter((record) => changed.has(keyText(record)));
  if (moved.some(({ kind }) => WIDE_KINDS.has(kind))) return () => true;
  const policies = moved.map(resourceOf).filter(isPolicy);
  return (gns) => changed.has(keyText(gns)) || policies.some((policy) => concerns(policy, metadataOf(gns)));
}

const metadataOf = ({ name, project }: ResourceRecord) => ({ metadata: { name, project } });

function compare(
  cluster: string,
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): Omit<ClusterPreview, 'issues'> | undefined {
  const diff = diffObjects(before, after);
  const objects = [
    ...diff.removed.map((object) => changeOf('REMOVED', object, undefined)),
    ...diff.changed.map(({ before: old, after: next }) => changeOf('CHANGED', old, next)),
    ...diff.added.map((object) => changeOf('ADDED', undefined, object)),
  ];
  if (objects.length === 0) return undefined;
  return {
    cluster,
    added: diff.added.length,
    changed: diff.changed.length,
    removed: diff.removed.length,
    objects: objects.slice(0, MAX_OBJECTS).map((make) => make()),
    truncated: objects.length > MAX_OBJECTS,
  };
}

function changeOf(
  change: ObjectChange['change'],
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): () => ObjectChange {
  return () => {
    const object = after ?? before;
    if (object === undefined) throw new Error('a change has at least one side');
    const { apiVersion, kind, metadata } = object;
    const diff = unifiedDiff(objectKey(object), yamlOf(before), yamlOf(after));
    return { change, apiVersion, kind, namespace: metadata.namespace, name: metadata.name, diff };
  };
}

/** YAML for people: the hash of the content would only say again that the content differs. */
function yamlOf(object: KubeObject | undefined): string {
  if (object === undefined) return '';
  const { [ANNOTATIONS.contentHash]: _hash, ...annotations } = object.metadata.annotations ?? {};
  return renderYaml([{ ...object, metadata: { ...object.metadata, annotations } }]);
}
