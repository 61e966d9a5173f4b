import { byCodeUnit, objectKey, sortIssues, type Issue, type KubeObject, type KubeObjectRef } from '@isthmus/domain';
import type { OutlinedObject, RenderedObject, RenderOutline, RenderResult, Side } from './renderer.js';

const SIDE_ORDER: Record<Side, number> = { owner: 0, client: 1 };

type Named = Pick<RenderedObject, 'side' | 'order'> & { object: KubeObject | KubeObjectRef };

/** Sorts by side, order and key; each key is put together once. */
function inPushOrder<T extends Named>(objects: readonly T[]): T[] {
  const keyed = objects.map((one) => ({ one, key: objectKey(one.object) }));
  keyed.sort(
    (a, b) => SIDE_ORDER[a.one.side] - SIDE_ORDER[b.one.side] || a.one.order - b.one.order || byCodeUnit(a.key, b.key),
  );
  return keyed.map(({ one }) => one);
}

/** The union of results, objects in push order, issues in order of display; the order of the inputs does not matter. */
export function mergeResults(results: Iterable<RenderResult>): RenderResult {
  const objects: RenderedObject[] = [];
  const issues: Issue[] = [];
  let keep: true | undefined;
  for (const result of results) {
    objects.push(...result.objects);
    issues.push(...result.issues);
    keep ??= result.keep;
  }
  return { objects: inPushOrder(objects), issues: sortIssues(issues), ...(keep === undefined ? {} : { keep }) };
}

/** The union of outlines and results in the order that mergeResults gives; of their objects only the names are kept. */
export function mergeOutlines(outlines: Iterable<RenderOutline | RenderResult>): RenderOutline {
  const objects: OutlinedObject[] = [];
  const issues: Issue[] = [];
  for (const outline of outlines) {
    for (const { side, order, object } of outline.objects) objects.push({ side, order, object: refOfObject(object) });
    issues.push(...outline.issues);
  }
  return { objects: inPushOrder(objects), issues: sortIssues(issues) };
}

function refOfObject(object: KubeObject | KubeObjectRef): KubeObjectRef {
  const { apiVersion, kind } = object;
  const { namespace, name } = 'metadata' in object ? object.metadata : object;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
