import { concerns, isPolicy, objectKey, sortIssues, type Issue, type KubeObject, type Resource } from '@isthmus/domain';
import type { ObjectSource } from '@isthmus/meshes';
import { diffObjects } from '@isthmus/plan';
import type { ResourceRecord } from '@isthmus/store';
import type { Secrecy } from '../auth/secrecy.js';
import { keyText } from '../modules/apply/desired.js';
import { resourceOf } from '../modules/resources/resource-document.js';
import type { ClusterPreview, ObjectChange, Preview, PreviewInput } from './preview.js';
import type { Recorded } from './recorded.js';
import { renderWorld, type WorldObject } from './render-world.js';
import { sourceTeller } from './source-teller.js';

/** Object diffs of one cluster that are spelled out; the counts are always whole. */
const MAX_OBJECTS = 200;

/** Kinds whose change can move every global namespace. */
const WIDE_KINDS: ReadonlySet<Resource['kind']> = new Set(['Cluster', 'ClusterGroup', 'Project']);

/** Renders both states of the global namespaces that the change can touch, and compares them cluster by cluster. */
export function compareWorlds(input: PreviewInput, recorded: Recorded, secrecy: Secrecy): Preview {
  const { inventories, leaving } = input;
  const told = sourceTeller(secrecy);
  const tell = (one: WorldObject | undefined) => one && told(one.sources, one.rendered);
  const isTouched = touchedBy(input);
  const before = renderWorld({ resources: input.before, inventories, recorded, leaving }, isTouched);
  const after = renderWorld({ resources: input.after, inventories, recorded, leaving }, isTouched);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const clusters = names.flatMap((cluster) => {
    const issues = after.get(cluster)?.issues ?? [];
    const compared = compare(before.get(cluster)?.objects ?? [], after.get(cluster)?.objects ?? [], tell);
    return compared === undefined ? [] : [{ cluster, ...compared, issues: sortIssues(issues.filter(isOf(cluster))) }];
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
  before: readonly WorldObject[],
  after: readonly WorldObject[],
  tell: (one: WorldObject | undefined) => ObjectSource[] | undefined,
): Omit<ClusterPreview, 'cluster' | 'issues'> | undefined {
  const diff = diffObjects(before.map(objectOf), after.map(objectOf));
  const [were, willBe] = [byKey(before), byKey(after)];
  const changeOf = (change: ObjectChange['change'], old: KubeObject | undefined, next: KubeObject | undefined) => ({
    ...{ change, before: old, after: next },
    sources: () => tell(next === undefined ? old && were.get(objectKey(old)) : willBe.get(objectKey(next))),
  });
  const objects = [
    ...diff.removed.map((object) => changeOf('REMOVED', object, undefined)),
    ...diff.changed.map(({ before: old, after: next }) => changeOf('CHANGED', old, next)),
    ...diff.added.map((object) => changeOf('ADDED', undefined, object)),
  ];
  if (objects.length === 0) return undefined;
  return {
    added: diff.added.length,
    changed: diff.changed.length,
    removed: diff.removed.length,
    objects: objects.slice(0, MAX_OBJECTS),
    truncated: objects.length > MAX_OBJECTS,
  };
}

const objectOf = ({ rendered }: WorldObject): KubeObject => rendered.object;
const byKey = (objects: readonly WorldObject[]) => new Map(objects.map((one) => [objectKey(objectOf(one)), one]));
