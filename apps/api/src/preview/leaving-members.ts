import {
  hostName,
  memberClusterNames,
  memberEntryName,
  resolveMembers,
  type Cluster,
  type ClusterGroup,
  type ClusterInventory,
  type GlobalNamespace,
  type GlobalNamespaceSpec,
  type Issue,
} from '@isthmus/domain';
import { heldDrain, judgeDrain } from '@isthmus/plan';
import type { MemberRecord, RemovalRecord, ResourceRecord, TenantTx } from '@isthmus/store';
import { keyText } from '../modules/apply/desired.js';
import { resourceOf } from '../modules/resources/resource-document.js';
import type { PreviewInput } from './preview.js';

/** What is known of the members of one global namespace, and the rules that they are to follow. */
export interface LeavingInput {
  gns: GlobalNamespace;
  clusters: readonly Cluster[];
  clusterGroups: readonly ClusterGroup[];
  inventories: ReadonlyMap<string, ClusterInventory>;
  members: readonly MemberRecord[];
  removals: readonly RemovalRecord[];
  /** Names of clusters that leave, which a person has decided. */
  leaving: ReadonlySet<string>;
  now: Date;
}

/** True if a readable inventory has the service: what cannot be seen is kept, what was deleted is no matter of rules. */
function isSeen({ namespace, service }: MemberRecord, inventory: ClusterInventory | undefined): boolean {
  const found = inventory?.namespaces.find(({ name }) => name === namespace);
  return found?.readable === true && found.services.some(({ name }) => name === service);
}

/** Recorded members that the rules no longer ask for. */
export function leavingMembers(input: LeavingInput): MemberRecord[] {
  const { gns, clusters, clusterGroups, inventories, members, leaving } = input;
  const views = clusters.flatMap((cluster) => {
    const inventory = inventories.get(cluster.metadata.name);
    return inventory === undefined ? [] : [{ cluster, inventory }];
  });
  const wanted = new Set(
    resolveMembers(gns, views, clusterGroups).map(({ cluster, namespace, service: { name } }) =>
      memberEntryName({ host: hostName(gns.spec, { name, namespace }), cluster, namespace, service: name }),
    ),
  );
  const registered = new Set(clusters.map(({ metadata }) => metadata.name));
  const inside = new Set(memberClusterNames(gns, { clusters, clusterGroups }));
  return members.filter((member) => {
    if (member.state === 'draining' || leaving.has(member.cluster) || !registered.has(member.cluster)) return false;
    if (wanted.has(memberEntryName(member))) return false;
    return !inside.has(member.cluster) || isSeen(member, inventories.get(member.cluster));
  });
}

/** Says that members would wait for a person before they leave; nothing if they would go at once. */
export function leavingIssues(input: LeavingInput): Issue[] {
  const leaving = leavingMembers(input);
  const verdict = judgeDrain({
    asked: leaving.map((member) => ({ host: member.host, item: memberEntryName(member) })),
    removed: input.removals.map(({ host, decidedAt, cause }) => ({
      host,
      at: decidedAt.getTime(),
      counts: cause === 'RULES',
    })),
    hosts: new Set(input.members.map(({ host }) => host)),
    now: input.now.getTime(),
    approved: undefined,
  });
  if (verdict === 'WITHIN') return [];
  const items = leaving.map(memberEntryName);
  return [heldDrain('ISM0510', input.gns, { items, hosts: leaving.map(({ host }) => host) })];
}

/** Kinds that decide who is a member. */
const RULED = ['Cluster', 'ClusterGroup', 'GlobalNamespace'];

/** What of a resource decides who is a member; undefined for kinds that do not. */
function rulesOf({ kind, labels, spec }: ResourceRecord): string | undefined {
  if (kind === 'Cluster') return JSON.stringify(labels);
  if (kind === 'ClusterGroup') return JSON.stringify(spec);
  if (kind !== 'GlobalNamespace') return undefined;
  const { domain, hostTemplate, members, exclude } = spec as GlobalNamespaceSpec;
  return JSON.stringify([domain, hostTemplate, members, exclude]);
}

/** Resources whose rules are others after the change, or gone; what is new takes nobody out. */
function changedRules({ before, after, changed }: PreviewInput): ResourceRecord[] {
  if (![...changed].some((key) => RULED.some((kind) => key.startsWith(`${kind}/`)))) return [];
  const known = new Map(before.filter((record) => changed.has(keyText(record))).map((one) => [keyText(one), one]));
  const moved = after.filter((record) => {
    const old = known.get(keyText(record));
    known.delete(keyText(record));
    return old !== undefined && rulesOf(old) !== rulesOf(record);
  });
  return [...moved, ...[...known.values()].filter(({ kind }) => kind === 'ClusterGroup')];
}

/** Says for each global namespace that the change concerns whether members would wait for a person before they leave. */
export async function previewLeaving(tx: Omit<TenantTx, 'resources'>, input: PreviewInput): Promise<Issue[]> {
  const { after, inventories, leaving } = input;
  const moved = changedRules(input);
  const isWide = moved.some(({ kind }) => kind !== 'GlobalNamespace');
  const concerned = new Set(isWide ? after.map(keyText) : moved.map(keyText));
  if (concerned.size === 0) return [];
  const documents = after.filter(({ kind }) => kind === 'Cluster' || kind === 'ClusterGroup').map(resourceOf);
  const clusters = documents.filter((document) => document.kind === 'Cluster');
  const clusterGroups = documents.filter((document) => document.kind === 'ClusterGroup');
  const issues: Issue[] = [];
  for (const record of after) {
    if (record.kind !== 'GlobalNamespace' || !concerned.has(keyText(record))) continue;
    const members = await tx.members.list(record.uid);
    if (members.length === 0) continue;
    const gns = resourceOf(record) as GlobalNamespace;
    const removals = await tx.removals.list(record.uid);
    issues.push(
      ...leavingIssues({ gns, clusters, clusterGroups, inventories, members, removals, leaving, now: await tx.now() }),
    );
  }
  return issues;
}
