import type { ClusterEntry } from '../intent/entries.js';
import type { Issue } from '../issues/issue.js';
import { sortIssues } from '../issues/sort-issues.js';
import { updateTree } from '../tree/build.js';
import { byCodeUnit } from '../tree/canonical.js';
import { entry } from '../tree/entry.js';
import type { Tree, TreeEntry } from '../tree/types.js';
import type { Candidate } from './candidate.js';
import { canonicalBody } from './canonical-body.js';
import type { CatalogInput, CatalogOutcome, LeavingMember, MemberStateRow } from './catalog-input.js';
import { CatalogMemo, type HostRecord, type MemberStates, type WrittenHost } from './catalog-memo.js';
import { issueSources, planCatalog, type CatalogPlan } from './catalog-plan.js';
import { planVips, type VipPlan } from './catalog-vips.js';
import { recordedState } from './host-records.js';
import { byMember, memberEntryName, memberKey, type MemberKey } from './member-key.js';
import { withSites } from './sites.js';
import { statedMembers, writeHost } from './write-host.js';

/** What the state machine has to look at: everything else is asked for and served, and stays so. */
export interface Unsettled {
  /** Members that are asked for and not recorded as served; sorted. */
  desired: MemberKey[];
  /** Recorded members that are not both asked for and served. */
  rows: MemberStateRow[];
}

/** A catalog whose members are known, but not yet their states: these follow from what is recorded and asked for. */
export interface PreparedCatalog extends CatalogOutcome {
  unsettled: Unsettled;
  /**
   * Writes the tree with these states: a member that is asked for and recorded as served is served, another one that is asked
   * for and has none is `wanted`, a leaving one without is gone.
   */
  write: (states: MemberStates) => Tree;
}

/** A compiled catalog. */
export interface CatalogResult extends CatalogOutcome {
  tree: Tree;
}

interface AddressedHost extends HostRecord {
  plan: NonNullable<HostRecord['plan']>;
  vip: string;
}

function isAddressed(record: HostRecord | undefined): record is AddressedHost {
  return record?.plan !== undefined && record.vip !== undefined;
}

function addressedHosts(hosts: Iterable<string>, memo: CatalogMemo): AddressedHost[] {
  const records = [...hosts].map((host) => memo.hosts.get(host)).filter((record) => isAddressed(record));
  return records.sort((a, b) => byCodeUnit(a.host, b.host));
}

/** True if the member is asked for and recorded as served: nothing can move it. */
function isSettled(member: Candidate, { plan }: AddressedHost, memo: CatalogMemo): boolean {
  return recordedState(memo.rows.of(member.host), member) === 'served' && plan.members.includes(member);
}

function writeRemembered(record: HostRecord, states: MemberStates, memo: CatalogMemo): WrittenHost | undefined {
  if (!isAddressed(record)) return undefined;
  const { plan, vip, written: known } = record;
  const members = statedMembers(plan, (one) => (isSettled(one, record, memo) ? 'served' : states.get(one.entryName)));
  const text = members.map(({ state }) => state).join();
  if (known?.plan === plan && known.vip === vip && known.states === text) return known;
  return { plan, vip, states: text, entries: writeHost(plan, vip, members) };
}

interface Changes {
  put: TreeEntry[];
  remove: Set<string>;
}

function noteChange(changes: Changes, before: readonly TreeEntry[], after: readonly TreeEntry[]): void {
  if (before === after) return;
  for (const item of before) changes.remove.add(item.name);
  for (const item of after) {
    changes.remove.delete(item.name);
    changes.put.push(item);
  }
}

function noteClusters(clusters: readonly ClusterEntry[], memo: CatalogMemo, changes: Changes): void {
  const entries = clusters.map((cluster) => entry(`cluster/${cluster.name}`, canonicalBody(cluster)));
  for (const name of memo.clusterEntries) changes.remove.add(name);
  for (const item of entries) {
    changes.remove.delete(item.name);
    changes.put.push(item);
  }
  memo.clusterEntries = entries.map((item) => item.name);
}

/** True if nothing is known of the host any more. */
function isForgotten({ candidates, plan, unfoundIn, written }: HostRecord): boolean {
  return plan === undefined && written === undefined && candidates.length === 0 && unfoundIn.length === 0;
}

/** Writes the hosts that were looked at, and those whose states may move: one path of the tree for each that differs. */
function writeTree(plan: CatalogPlan, states: MemberStates, memo: CatalogMemo): Tree {
  const changes: Changes = { put: [], remove: new Set() };
  for (const host of new Set([...memo.unwritten, ...memo.watched.unsettled])) {
    const record = memo.hosts.get(host);
    if (record === undefined) continue;
    const next = writeRemembered(record, states, memo);
    noteChange(changes, record.written?.entries ?? [], next?.entries ?? []);
    record.written = next;
    if (isForgotten(record)) memo.hosts.delete(host);
  }
  noteClusters(plan.clusters, memo, changes);
  memo.unwritten = new Set();
  memo.tree = updateTree(memo.tree, { put: changes.put, remove: [...changes.remove] });
  return memo.tree;
}

/** The members of the hosts that moved, in the place of what was asked for before. */
function desiredMembers(memo: CatalogMemo, moved: ReadonlySet<string>): MemberKey[] {
  if (moved.size === 0) return [...memo.desired];
  const kept = memo.desired.filter(({ host }) => !moved.has(host));
  const fresh = addressedHosts(moved, memo).flatMap(({ plan }) => plan.members.map(memberKey));
  const merged: MemberKey[] = [];
  let at = 0;
  for (const key of fresh) {
    for (let next = kept[at]; next !== undefined && byCodeUnit(next.host, key.host) < 0; next = kept[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(key);
  }
  for (const key of kept.slice(at)) merged.push(key);
  return merged;
}

function leavingMembers(memo: CatalogMemo): LeavingMember[] {
  const leaving = [...memo.watched.telling].flatMap((host) => [...(memo.hosts.get(host)?.deleted ?? [])]);
  for (const { plan } of addressedHosts(memo.watched.telling, memo))
    for (const member of plan.leaving) leaving.push({ ...memberKey(member), cause: 'REMOVED' });
  return leaving.sort(byMember);
}

function unsettledMembers(memo: CatalogMemo): Unsettled {
  const { unsettled } = memo.watched;
  const desired = addressedHosts(unsettled, memo).flatMap((record) =>
    record.plan.members.filter((member) => !isSettled(member, record, memo)).map(memberKey),
  );
  return { desired, rows: [...unsettled].flatMap((host) => [...(memo.hosts.get(host)?.unsettledRows ?? [])]) };
}

/** Sorted issues; sorted again only if one of the lists that they come from is another one. */
function sortedIssues(input: CatalogInput, vips: readonly Issue[], memo: CatalogMemo): Issue[] {
  const sources = issueSources(input, memo);
  if (vips.length > 0) sources.push(vips);
  const known = memo.issues;
  const isSame = sources.length === known.sources.length && sources.every((list, at) => list === known.sources[at]);
  if (!isSame) memo.issues = { sources, sorted: sortIssues(sources.flat()) };
  return [...memo.issues.sorted];
}

function prepared(
  input: CatalogInput,
  { plan, vips }: { plan: CatalogPlan; vips: VipPlan },
  memo: CatalogMemo,
): PreparedCatalog {
  const telling = addressedHosts(memo.watched.telling, memo);
  memo.desired = desiredMembers(memo, new Set([...plan.moved, ...vips.moved]));
  const { turn } = memo;
  return {
    issues: sortedIssues(input, vips.issues, memo),
    newVips: vips.newVips,
    newPortContracts: telling.flatMap((host) => host.plan.newContracts),
    refixedHosts: telling.filter((host) => host.plan.refixed).map((host) => host.host),
    desiredMembers: [...memo.desired],
    leavingMembers: leavingMembers(memo),
    unsettled: unsettledMembers(memo),
    write: (states) =>
      memo.turn === turn ? writeTree(plan, states, memo) : prepareCatalog(input, new CatalogMemo()).write(states),
  };
}

/**
 * Finds out who is a member of what, without writing the tree yet: the member states that follow decide what it carries. The
 * memo makes a later call cost what changed; the result never depends on it.
 */
export function prepareCatalog(given: CatalogInput, memo: CatalogMemo = new CatalogMemo()): PreparedCatalog {
  const input = { ...given, inventories: withSites(given.inventories, given.sites ?? []) };
  memo.turn += 1;
  try {
    const plan = planCatalog(input, memo);
    return prepared(input, { plan, vips: planVips(input, plan, memo) }, memo);
  } catch (error) {
    memo.clear();
    throw error;
  }
}

/** States of a compile without a state machine: recorded ones, leaving members drain, observed deletions are gone. */
function recordedStates({ unsettled, leavingMembers: leaving }: PreparedCatalog): MemberStates {
  const states = new Map(unsettled.rows.map((row) => [memberEntryName(row), row.state]));
  for (const member of leaving) {
    if (member.cause === 'DELETED') states.delete(memberEntryName(member));
    else states.set(memberEntryName(member), 'draining');
  }
  return states;
}

/**
 * Compiles the catalog of one global namespace: a pure function of inventory, selectors and recorded allocations. A partial
 * view adds and updates but never removes.
 */
export function compileCatalog(input: CatalogInput, memo?: CatalogMemo): CatalogResult {
  const catalog = prepareCatalog(input, memo);
  const { write, unsettled: _unsettled, ...outcome } = catalog;
  return { ...outcome, tree: write(recordedStates(catalog)) };
}
