import { Inject, Injectable } from '@nestjs/common';
import { issue, sortIssues, type Issue } from '@isthmus/domain';
import type { AppliedRecord, HeadRecord, HoldRecord, ResourceRecord, Store } from '@isthmus/store';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import { nodeId } from '../../graphql/node-id.js';
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
      const [heads, applied, holds, clusters] = [
        await tx.heads.list(),
        await tx.targets.applied({}),
        await tx.holds.list({}),
        await tx.resources.all(['Cluster']),
      ];
      const names = new Map(clusters.map(({ uid, name }) => [uid, name]));
      const reported = applied.flatMap((one) => reportedIssues(one, names.get(one.cluster)));
      const held = holds.flatMap((one) => heldIssues(one, names.get(one.cluster)));
      return sortIssues([...heads.flatMap(compiledIssues), ...reported, ...held]);
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
    const [applied, targets, holds] = await Promise.all([
      loaders.appliedOfCluster.load(cluster.uid),
      loaders.targetsOfCluster.load(cluster.uid),
      loaders.holdsOfCluster.load(cluster.uid),
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
    const reported = applied.flatMap((one) => reportedIssues(one, cluster.name));
    return sortIssues([...compiled, ...reported, ...holds.flatMap((one) => heldIssues(one, cluster.name))]);
  }
}

function compiledIssues({ policyIssues, catalogIssues }: HeadRecord): Issue[] {
  return [...issuesOfJson(policyIssues), ...issuesOfJson(catalogIssues)];
}

/** The cluster is the one that the report came from, whatever its issues say. */
function reportedIssues({ issues }: AppliedRecord, cluster: string | undefined): Issue[] {
  return issuesOfJson(issues).map((issue) => (cluster === undefined ? issue : { ...issue, cluster }));
}

/** Deletions held at intake: nobody else tells of them. Those held in a cluster are reported by its agent. */
function heldIssues({ id, kind, items, setHash, approvedAt }: HoldRecord, cluster: string | undefined): Issue[] {
  if (kind !== 'INTAKE' || approvedAt !== undefined || cluster === undefined) return [];
  const [first = '', ...rest] = items;
  const others = rest.length === 0 ? '' : ` and ${rest.length} more`;
  const message = `${items.length} deletions that the agent reports wait for approval: ${first}${others}`;
  const hint = `approvePrune(input: {holdId: "${nodeId('Hold', id)}", heldSetHash: "${setHash}"})`;
  return [issue('ISM0434', { path: '', message, hint, cluster, resource: { kind: 'Cluster', name: cluster } })];
}
