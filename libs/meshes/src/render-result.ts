import { byCodeUnit, objectKey, sortIssues, type Issue } from '@isthmus/domain';
import type { RenderedObject, RenderResult, Side } from './renderer.js';

const SIDE_ORDER: Record<Side, number> = { owner: 0, client: 1 };

function byPushOrder(a: RenderedObject, b: RenderedObject): number {
  return (
    SIDE_ORDER[a.side] - SIDE_ORDER[b.side] || a.order - b.order || byCodeUnit(objectKey(a.object), objectKey(b.object))
  );
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
  return { objects: objects.sort(byPushOrder), issues: sortIssues(issues), ...(keep === undefined ? {} : { keep }) };
}
