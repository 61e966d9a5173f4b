import { Inject, Injectable } from '@nestjs/common';
import { issue, sortIssues, type Issue } from '@isthmus/domain';
import type {
  AppliedRecord,
  HeadRecord,
  HoldRecord,
  InventoryHeadRecord,
  LineStopRecord,
  ResourceRecord,
  Store,
  TenantTx,
} from '@isthmus/store';
import { secrecyIn } from '../../auth/secrecy.js';
import { authorize, mayRead, type Viewer } from '../../auth/viewer.js';
import { groupBy } from '../../core/group-by.js';
import { STORE } from '../../core/tokens.js';
import { nodeId } from '../../graphql/node-id.js';
import type { Loaders } from '../../graphql/loaders.js';
import { seenOf, seesAll } from '../../graphql/sight.js';
import { inventoryIssues } from '../inventory/inventory-facts.js';
import { issuesOfJson } from './issue-json.js';
import { rolloutIssues } from './rollout-issues.js';
import { missingObjects, missingOwnerIssues } from './missing-owner-objects.js';

/** Issues of the last compiles and of what agents last reported. */
@Injectable()
export class IssuesService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /** Everything in the organization that the viewer may know of, in order of display. */
  async all(viewer: Viewer): Promise<Issue[]> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, async (tx) => {
      const resources = await tx.resources.all(['Cluster', 'GlobalNamespace']);
      const byUid = new Map(resources.map((resource) => [resource.uid, resource]));
      const isOfGns = isSeen(viewer, byUid, 'GlobalNamespace');
      const isOfCluster = isSeen(viewer, byUid, 'Cluster');
      const heads = (await tx.heads.list()).filter(({ gns }) => isOfGns(gns));
      const applied = (await tx.targets.applied({})).filter(({ gns, cluster }) =>
        gns === '' ? isOfCluster(cluster) : isOfGns(gns),
      );
      const inventories = (await tx.inventory.heads()).filter(({ cluster }) => isOfCluster(cluster));
      const holds = (await tx.holds.list({})).filter(({ cluster, gns }) =>
        gns === '' ? isOfCluster(cluster) : isOfGns(gns),
      );
      const stops = (await tx.lineStops.list()).filter(({ cluster }) => isOfCluster(cluster));
      const reported = applied.flatMap((one) =>
        reportedIssues(one, { cluster: byUid.get(one.cluster), gns: byUid.get(one.gns), holds }),
      );
      const held = holds.flatMap((one) => heldIssues(one, byUid.get(one.cluster)?.name));
      const unread = inventories.flatMap((one) => unreadIssues(one, byUid.get(one.cluster)?.name));
      const stopped = stopIssues(stops, (uid) => byUid.get(uid)?.name);
      const missing = await missingIn(tx, applied, byUid);
      const { told } = await secrecyIn(tx, viewer);
      const rolling = heads.flatMap((head) => rolloutOf(head, byUid));
      const compiled = heads.flatMap(compiledIssues);
      const all = [...compiled, ...rolling, ...reported, ...missing, ...unread, ...held, ...stopped];
      return sortIssues(all.map(told));
    });
  }

  async ofNamespace(viewer: Viewer, gns: ResourceRecord, loaders: Loaders): Promise<Issue[]> {
    const { org } = authorize(viewer, 'GlobalNamespace.read');
    if (!mayRead(viewer, gns)) return [];
    const { told } = await loaders.secrecy.load('all');
    const [head, applied] = await Promise.all([loaders.head.load(gns.uid), loaders.appliedOfGns.load(gns.uid)]);
    const byUid = new Map([[gns.uid, gns]]);
    const reported = await Promise.all(
      applied.map(async (one) => {
        const cluster = await loaders.cluster.load(one.cluster);
        if (cluster !== undefined) byUid.set(cluster.uid, cluster);
        return reportedIssues(one, { cluster, gns, holds: await loaders.holdsOfCluster.load(one.cluster) });
      }),
    );
    for (const uid of namedIn(head)) {
      const cluster = await loaders.cluster.load(uid);
      if (cluster !== undefined) byUid.set(uid, cluster);
    }
    const isWhole = applied.every(({ issues }) => missingObjects(issuesOfJson(issues)).length === 0);
    const missing = isWhole ? [] : await this.store.withTenant(org, (tx) => missingIn(tx, applied, byUid));
    const compiled = head === undefined ? [] : [...compiledIssues(head), ...rolloutOf(head, byUid)];
    return sortIssues([...compiled, ...reported.flat(), ...missing].map(told));
  }

  async ofCluster(viewer: Viewer, cluster: ResourceRecord, loaders: Loaders): Promise<Issue[]> {
    authorize(viewer, 'Cluster.read');
    if (!mayRead(viewer, cluster)) return [];
    const { told } = await loaders.secrecy.load('all');
    const ofGns = <T extends { gns: string }>(all: readonly T[]): Promise<T[]> => seenParts(viewer, all, loaders);
    const [applied, inventory, targets, holds, stops] = await Promise.all([
      loaders.appliedOfCluster.load(cluster.uid).then(ofGns),
      loaders.inventoryHead.load(cluster.uid),
      loaders.targetsOfCluster.load(cluster.uid).then(ofGns),
      loaders.holdsOfCluster.load(cluster.uid).then(ofGns),
      loaders.lineStops.load(cluster.uid),
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
    const reported = await Promise.all(
      applied.map(async (one) => {
        const gns = one.gns === '' ? undefined : await loaders.resource.load(one.gns);
        return reportedIssues(one, { cluster, gns, holds });
      }),
    );
    const unread = unreadIssues(inventory, cluster.name);
    const held = holds.flatMap((one) => heldIssues(one, cluster.name));
    const stopped = stopIssues(stops, () => cluster.name);
    const rolling = await Promise.all(
      heads.map(async (head) => {
        const gns = head === undefined ? undefined : await loaders.resource.load(head.gns);
        return head === undefined || gns === undefined ? [] : rolloutOf(head, new Map([gns, cluster].map(byItsUid)));
      }),
    );
    return sortIssues([...compiled, ...rolling.flat(), ...reported.flat(), ...unread, ...held, ...stopped].map(told));
  }
}

/** What is told of the cluster alone, and of global namespaces that the viewer may read. */
async function seenParts<T extends { gns: string }>(viewer: Viewer, all: readonly T[], loaders: Loaders): Promise<T[]> {
  const of = await seenOf(
    viewer,
    all.filter(({ gns }) => gns !== ''),
    { kind: 'GlobalNamespace', uidOf: ({ gns }) => gns, loaders },
  );
  return all.filter((one) => one.gns === '' || of.includes(one));
}

/** Whether what is told of a uid is the viewer's to know; of what is gone only for those who may read all of the kind. */
function isSeen(viewer: Viewer, byUid: ReadonlyMap<string, ResourceRecord>, kind: 'Cluster' | 'GlobalNamespace') {
  return (uid: string): boolean => {
    const record = byUid.get(uid);
    return seesAll(viewer, kind) || (record?.kind === kind && mayRead(viewer, record));
  };
}

/** Lines on which nothing is pushed any more, once for each cluster. */
function stopIssues(stops: readonly LineStopRecord[], nameOf: (uid: string) => string | undefined): Issue[] {
  const byCluster = new Map(stops.map((stop) => [stop.cluster, stop]));
  return [...byCluster].flatMap(([uid, { message }]) => {
    const cluster = nameOf(uid);
    if (cluster === undefined) return [];
    return [issue('ISM0547', { path: '', message, cluster, resource: { kind: 'Cluster', name: cluster } })];
  });
}

function compiledIssues({ policyIssues, catalogIssues }: HeadRecord): Issue[] {
  return [...issuesOfJson(policyIssues), ...issuesOfJson(catalogIssues)];
}

const byItsUid = (record: ResourceRecord): [string, ResourceRecord] => [record.uid, record];

/** Uids of the clusters that a change of policy waits for, or waited for in vain. */
function namedIn(head: HeadRecord | undefined): string[] {
  return [...(head?.rollout?.awaits ?? []).map(({ cluster }) => cluster), ...(head?.rollout?.missed ?? [])];
}

/** What a change of policy waits for, of clusters that are known here. */
function rolloutOf(head: HeadRecord, byUid: ReadonlyMap<string, ResourceRecord>): Issue[] {
  const gns = byUid.get(head.gns);
  return gns === undefined ? [] : rolloutIssues(head, refOf(gns), (uid) => byUid.get(uid)?.name);
}

interface Reported {
  cluster: ResourceRecord | undefined;
  gns: ResourceRecord | undefined;
  holds: readonly HoldRecord[];
}

/** The cluster is the one that the report came from, whatever its issues say; what names no resource is about the global namespace. */
function reportedIssues(report: AppliedRecord, { cluster, gns, holds }: Reported): Issue[] {
  const hold = holds.find((one) => one.kind === 'PRUNE' && one.cluster === report.cluster && one.gns === report.gns);
  return issuesOfJson(report.issues).map((one) => ({
    ...(gns === undefined ? {} : { resource: refOf(gns) }),
    ...(one.code === 'ISM0434' && hold !== undefined ? { hint: approvalOf(hold) } : {}),
    ...one,
    ...(cluster === undefined ? {} : { cluster: cluster.name }),
  }));
}

/** What clusters report to be missing of what they own, for those to whom it is given; members are read only where there is something. */
async function missingIn(
  tx: Pick<TenantTx, 'members'>,
  applied: readonly AppliedRecord[],
  byUid: ReadonlyMap<string, ResourceRecord>,
): Promise<Issue[]> {
  const lacking = applied.flatMap((report) => {
    const [gns, cluster] = [byUid.get(report.gns), byUid.get(report.cluster)];
    const missing = missingObjects(issuesOfJson(report.issues));
    const isShared = applied.some((other) => other.gns === report.gns && other.cluster !== report.cluster);
    const isTold = missing.length > 0 && isShared && gns !== undefined && cluster !== undefined;
    return isTold ? [{ gns, cluster: cluster.name, missing }] : [];
  });
  if (lacking.length === 0) return [];
  const members = groupBy(await tx.members.list([...new Set(lacking.map(({ gns }) => gns.uid))]), ({ gns }) => gns);
  return lacking.flatMap(({ gns, cluster, missing }) =>
    missingOwnerIssues({ cluster, gns: refOf(gns), missing, members: members.get(gns.uid) ?? [] }),
  );
}

/** What an agent could not read of its cluster. */
function unreadIssues(inventory: InventoryHeadRecord | undefined, cluster: string | undefined): Issue[] {
  if (cluster === undefined) return [];
  return inventoryIssues(inventory?.facts).map((one) => ({
    resource: { kind: 'Cluster', name: cluster },
    ...one,
    cluster,
  }));
}

function refOf({ kind, name, project }: ResourceRecord): NonNullable<Issue['resource']> {
  return { kind, name, ...(project === '' ? {} : { project }) };
}

/** The command that shows exactly these deletions and lets them happen. */
function approvalOf({ id }: HoldRecord): string {
  return `isthmus approve ${nodeId('Hold', id)}`;
}

/** Deletions held at intake: nobody else tells of them. Those held in a cluster are reported by its agent. */
function heldIssues(hold: HoldRecord, cluster: string | undefined): Issue[] {
  const { kind, count, items, approvedAt } = hold;
  if (kind !== 'INTAKE' || approvedAt !== undefined || cluster === undefined) return [];
  const [first = ''] = items;
  const others = count === 1 ? '' : ` and ${count - 1} more`;
  const message = `${count} deletions that the agent reports wait for approval: ${first}${others}`;
  return [
    issue('ISM0434', {
      path: '',
      message,
      hint: approvalOf(hold),
      cluster,
      resource: { kind: 'Cluster', name: cluster },
    }),
  ];
}
