import {
  hasErrors,
  sortIssues,
  validateResources,
  type ClusterInventory,
  type Issue,
  type Resource,
} from '@isthmus/domain';

export interface Judgement {
  /** Errors that this change brings; those that were there before do not block it. */
  blocking: Issue[];
  /** What else there is to say about the resources of the change. */
  remarks: Issue[];
}

/** Compares what is wrong before and after a change, so that an old error elsewhere never blocks a new change. */
export function judge(
  before: readonly Resource[],
  after: readonly Resource[],
  inventories: ReadonlyMap<string, ClusterInventory>,
): Judgement {
  const known = new Set(validateResources(before, { inventories }).map(keyOfIssue));
  const found = validateResources(after, { inventories }).filter((issue) => !known.has(keyOfIssue(issue)));
  const blocking = found.filter((issue) => hasErrors([issue]));
  return { blocking: sortIssues(blocking), remarks: found.filter((issue) => !hasErrors([issue])) };
}

function keyOfIssue({ code, path, message, resource, cluster }: Issue): string {
  return JSON.stringify([code, path, message, resource?.kind, resource?.project, resource?.name, cluster]);
}
