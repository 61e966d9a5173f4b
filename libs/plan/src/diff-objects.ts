import { byCodeUnit, objectKey, type KubeObject } from '@isthmus/domain';
import { contentHash } from '@isthmus/meshes';

/** What differs between two sets of objects, by key; each list is sorted. */
export interface ObjectDiff {
  added: KubeObject[];
  changed: { before: KubeObject; after: KubeObject }[];
  removed: KubeObject[];
}

function byKey(a: KubeObject, b: KubeObject): number {
  return byCodeUnit(objectKey(a), objectKey(b));
}

/** Compares objects by apiVersion, kind, namespace and name; equal content is not listed, whatever the order of its fields. */
export function diffObjects(before: readonly KubeObject[], after: readonly KubeObject[]): ObjectDiff {
  const known = new Map(before.map((object) => [objectKey(object), object]));
  const wanted = new Map(after.map((object) => [objectKey(object), object]));
  const diff: ObjectDiff = { added: [], changed: [], removed: [] };
  for (const [key, object] of wanted) {
    const old = known.get(key);
    if (old === undefined) diff.added.push(object);
    else if (contentHash(old) !== contentHash(object)) diff.changed.push({ before: old, after: object });
  }
  for (const [key, object] of known) if (!wanted.has(key)) diff.removed.push(object);
  diff.added.sort(byKey);
  diff.changed.sort((a, b) => byKey(a.after, b.after));
  diff.removed.sort(byKey);
  return diff;
}
