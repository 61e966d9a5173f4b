import { Inject, Injectable } from '@nestjs/common';
import { sortIssues, type Issue } from '@isthmus/domain';
import type { AppliedRecord, HeadRecord, ResourceRecord, Store } from '@isthmus/store';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';
import { issuesOfJson } from './issue-json.js';

/** Issues of the last compiles and of what agents last reported. */
@Injectable()
export class IssuesService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /** Everything in the organization, in order of display. */
  async all(viewer: Viewer): Promise<Issue[]> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, async (tx) => {
      const [heads, applied, clusters] = [
        await tx.heads.list(),
        await tx.targets.applied({}),
        await tx.resources.all(['Cluster']),
      ];
      const names = new Map(clusters.map(({ uid, name }) => [uid, name]));
      const reported = applied.flatMap((one) => reportedIssues(one, names.get(one.cluster)));
      return sortIssues([...heads.flatMap(compiledIssues), ...reported]);
    });
  }

  async ofNamespace(viewer: Viewer, gns: ResourceRecord, loaders: Loaders): Promise<Issue[]> {
    authorize(viewer, 'resources.read');
    const [head, applied] = await Promise.all([loaders.head.load(gns.uid), loaders.appliedOfGns.load(gns.uid)]);
    const clusters = await Promise.all(applied.map(({ cluster }) => loaders.cluster.load(cluster)));
    const reported = applied.flatMap((one, index) => reportedIssues(one, clusters[index]?.name));
    return sortIssues([...(head === undefined ? [] : compiledIssues(head)), ...reported]);
  }

  async ofCluster(viewer: Viewer, cluster: ResourceRecord, loaders: Loaders): Promise<Issue[]> {
    authorize(viewer, 'resources.read');
    const [applied, targets] = await Promise.all([
      loaders.appliedOfCluster.load(cluster.uid),
      loaders.targetsOfCluster.load(cluster.uid),
    ]);
    const heads = await Promise.all(targets.map(({ gns }) => loaders.head.load(gns)));
    const compiled = heads
      .filter((head) => head !== undefined)
      .flatMap(compiledIssues)
      .filter(
        (issue) =>
          issue.cluster === cluster.name ||
          (issue.resource?.kind === 'Cluster' && issue.resource.name === cluster.name),
      );
    return sortIssues([...compiled, ...applied.flatMap((one) => reportedIssues(one, cluster.name))]);
  }
}

function compiledIssues({ policyIssues, catalogIssues }: HeadRecord): Issue[] {
  return [...issuesOfJson(policyIssues), ...issuesOfJson(catalogIssues)];
}

/** The cluster is the one that the report came from, whatever its issues say. */
function reportedIssues({ issues }: AppliedRecord, cluster: string | undefined): Issue[] {
  return issuesOfJson(issues).map((issue) => (cluster === undefined ? issue : { ...issue, cluster }));
}
