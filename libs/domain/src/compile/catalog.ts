import type { MemberState } from '../intent/entries.js';
import { sortIssues } from '../issues/sort-issues.js';
import { updateTree } from '../tree/build.js';
import { entry } from '../tree/entry.js';
import type { Tree, TreeEntry } from '../tree/types.js';
import { canonicalBody } from './canonical-body.js';
import type { CatalogInput, CatalogOutcome, LeavingMember } from './catalog-input.js';
import { CatalogMemo, type WrittenHost } from './catalog-memo.js';
import { planCatalog, type CatalogPlan } from './catalog-plan.js';
import { planVips } from './catalog-vips.js';
import type { HostPlan } from './host-plan.js';
import { byMember, memberEntryName, memberKey } from './member-key.js';
import { statedMembers, writeHost } from './write-host.js';

/** States of members by the name of their entry; a recorded member without one is gone. */
export type MemberStates = ReadonlyMap<string, MemberState>;

/** A catalog whose members are known, but not yet their states: these follow from what is recorded and asked for. */
export interface PreparedCatalog extends CatalogOutcome {
  /** Writes the tree with these states: a member that is asked for and has none is `wanted`, a leaving one without is gone. */
  write: (states: MemberStates) => Tree;
}

/** A compiled catalog. */
export interface CatalogResult extends CatalogOutcome {
  tree: Tree;
}

interface AddressedHost {
  plan: HostPlan;
  vip: string;
}

function writeRemembered({ plan, vip }: AddressedHost, states: MemberStates, memo: CatalogMemo): WrittenHost {
  const members = statedMembers(plan, (name) => states.get(name));
  const text = members.map(({ state }) => state).join();
  const known = memo.written.get(plan.host);
  if (known?.plan === plan && known.vip === vip && known.states === text) return known;
  return { plan, vip, states: text, entries: writeHost(plan, vip, members) };
}

interface Changes {
  put: TreeEntry[];
  remove: Set<string>;
}

function noteChange(changes: Changes, before: WrittenHost | undefined, after: WrittenHost | undefined): void {
  if (before === after) return;
  for (const item of before?.entries ?? []) changes.remove.add(item.name);
  for (const item of after?.entries ?? []) {
    changes.remove.delete(item.name);
    changes.put.push(item);
  }
}

function noteClusters(plan: CatalogPlan, memo: CatalogMemo, changes: Changes): void {
  const entries = plan.clusters.map((cluster) => entry(`cluster/${cluster.name}`, canonicalBody(cluster)));
  for (const name of memo.clusters) changes.remove.add(name);
  for (const item of entries) {
    changes.remove.delete(item.name);
    changes.put.push(item);
  }
  memo.clusters = entries.map((item) => item.name);
}

function writeTree(
  plan: CatalogPlan,
  hosts: readonly AddressedHost[],
  context: { states: MemberStates; memo: CatalogMemo },
): Tree {
  const { states, memo } = context;
  const changes: Changes = { put: [], remove: new Set() };
  const written = new Map<string, WrittenHost>();
  for (const host of hosts) {
    const next = writeRemembered(host, states, memo);
    noteChange(changes, memo.written.get(host.plan.host), next);
    written.set(host.plan.host, next);
  }
  for (const [host, before] of memo.written) if (!written.has(host)) noteChange(changes, before, undefined);
  noteClusters(plan, memo, changes);
  memo.written = written;
  memo.tree = updateTree(memo.tree, { put: changes.put, remove: [...changes.remove] });
  return memo.tree;
}

function leavingOf(plan: CatalogPlan, hosts: readonly AddressedHost[]): LeavingMember[] {
  const removed = hosts
    .flatMap((host) => host.plan.leaving)
    .map((member): LeavingMember => ({ ...memberKey(member), cause: 'REMOVED' }));
  return [...plan.deleted, ...removed].sort(byMember);
}

/**
 * Finds out who is a member of what, without writing the tree yet: the member states that follow decide what it carries. The
 * memo makes a later call cost what changed; the result never depends on it.
 */
export function prepareCatalog(input: CatalogInput, memo: CatalogMemo = new CatalogMemo()): PreparedCatalog {
  const plan = planCatalog(input, memo);
  const { addresses, newVips, issues } = planVips(input, plan.hosts);
  const hosts = plan.hosts.flatMap((host): AddressedHost[] => {
    const vip = addresses.get(host.host);
    return vip === undefined ? [] : [{ plan: host, vip }];
  });
  return {
    issues: sortIssues([...plan.issues, ...issues]),
    newVips,
    newPortContracts: hosts.flatMap((host) => host.plan.newContracts),
    refixedHosts: hosts.filter((host) => host.plan.refixed).map((host) => host.plan.host),
    desiredMembers: hosts.flatMap((host) => host.plan.members.map(memberKey)),
    leavingMembers: leavingOf(plan, hosts),
    write: (states) => writeTree(plan, hosts, { states, memo }),
  };
}

/** States of a compile without a state machine: recorded ones, leaving members drain, observed deletions are gone. */
function recordedStates(input: CatalogInput, outcome: CatalogOutcome): MemberStates {
  const states = new Map(input.memberStates.map((row) => [memberEntryName(row), row.state]));
  for (const member of outcome.leavingMembers) {
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
  const { write, ...outcome } = prepareCatalog(input, memo);
  return { ...outcome, tree: write(recordedStates(input, outcome)) };
}
