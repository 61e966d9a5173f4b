import {
  hasErrors,
  sortIssues,
  validateResources,
  type ClusterInventory,
  type Issue,
  type Resource,
} from '@isthmus/domain';

export interface Judgement {
  /** Keys of all that is wrong after the change. */
  found: ReadonlySet<string>;
  /** Errors that this change brings; those that were there before do not block it. */
  blocking: Issue[];
  /** What else there is to say about the resources of the change. */
  remarks: Issue[];
}

type Inventories = ReadonlyMap<string, ClusterInventory>;

/** Keys of what is wrong with resources, for `judge`. */
export function wrongWith(resources: readonly Resource[], inventories: Inventories): ReadonlySet<string> {
  return new Set(validateResources(resources, { inventories }).map(keyOfIssue));
}

/** Compares what is wrong after a change with what was before, so that an old error elsewhere never blocks a new change. */
export function judge(known: ReadonlySet<string>, after: readonly Resource[], inventories: Inventories): Judgement {
  const all = validateResources(after, { inventories }).map((issue) => ({ issue, key: keyOfIssue(issue) }));
  const news = all.filter(({ key }) => !known.has(key)).map(({ issue }) => issue);
  return {
    found: new Set(all.map(({ key }) => key)),
    blocking: sortIssues(news.filter((issue) => hasErrors([issue]))),
    remarks: news.filter((issue) => !hasErrors([issue])),
  };
}

function keyOfIssue({ code, path, message, resource, cluster }: Issue): string {
  return JSON.stringify([code, path, message, resource?.kind, resource?.project, resource?.name, cluster]);
}
