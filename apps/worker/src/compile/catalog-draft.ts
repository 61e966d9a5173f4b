import {
  EMPTY_ROOT,
  drainCatalog,
  memberEntryName,
  memberClusterNames,
  nextMemberStates,
  groupLabelKeys,
  sitesOf,
  prepareCatalog,
  sortIssues,
  withRemovalMarks,
  type CatalogInput,
  type CatalogMemo,
  type CatalogOutcome,
  type ClusterAck,
  type DecidedChange,
  type GlobalNamespace,
  type LeavingClaim,
  type LeavingMember,
  type MemberKey,
  type MemberStateInput,
  type MemberStateResult,
  type MemberStateRow,
  type MemberStates,
  type MemberTransition,
  type Tree,
} from '@isthmus/domain';
import type { MemberRecord } from '@isthmus/store';
import { confirmedClusters } from './confirmed.js';
import { beginsToLeave, heldIssue, heldMembers, judgeLeaving, type HeldMembers } from './drain-hold.js';
import { planRemovals, type RemovalPlan, type RulesDecision } from './removal-plan.js';
import type { Snapshot } from './snapshot.js';

/** What a compile learns only while it writes: addresses and services that other global namespaces hold. */
export interface Surroundings {
  takenVips: ReadonlySet<string>;
  /** `<cluster>/<namespace>/<service>` → the global namespace that holds it. */
  claims: ReadonlyMap<string, string>;
  /** Those of them that are on their way out of there. */
  leavingClaims: ReadonlyMap<string, LeavingClaim>;
}

/** A catalog to publish, with the rows that go with it. */
export interface CatalogDraft {
  tree: Tree;
  outcome: CatalogOutcome;
  transitions: MemberTransition[];
  removals: RemovalPlan;
  /** Undefined: nothing waits for a person. */
  held: HeldMembers | undefined;
}

/** What each cluster acknowledged in the present epoch; what it said before counts as nothing. */
function acksOf({ applied, uids, epoch }: Snapshot): Map<string, ClusterAck> {
  const names = new Map([...uids].map(([name, uid]) => [uid, name]));
  const acks = new Map<string, ClusterAck>();
  for (const { cluster, line, ref } of applied) {
    const name = names.get(cluster);
    if (name === undefined) continue;
    const known = acks.get(name) ?? { catalogSeq: 0, hasPolicy: false };
    if (line === 'policy') acks.set(name, { ...known, hasPolicy: ref.root !== EMPTY_ROOT && ref.seq > 0 });
    else acks.set(name, { ...known, catalogSeq: ref.epoch === epoch ? ref.seq : 0 });
  }
  return acks;
}

/** Registered clusters that hold the global namespace, or have not confirmed that they left it. */
function clientsOf({ targets, uids }: Snapshot): string[] {
  const open = new Set(targets.filter(({ state }) => state !== 'CLOSED').map(({ cluster }) => cluster));
  return [...uids].filter(([, uid]) => open.has(uid)).map(([name]) => name);
}

/** Members that may move: recorded rows, those that are asked for, and those that are not any more. */
interface Moving {
  rows: readonly MemberRecord[];
  desired: readonly MemberKey[];
  leaving: readonly LeavingMember[];
}

function stateInput(snapshot: Snapshot, { rows, desired, leaving }: Moving): MemberStateInput {
  return {
    rows: rows.map(({ dueAt, ...row }) => ({ ...row, dueAt: dueAt?.getTime() })),
    desired,
    leaving,
    acks: acksOf(snapshot),
    clients: clientsOf(snapshot),
    abandoned: snapshot.abandoned,
    nextSeq: (snapshot.head?.catalogSeq ?? 0) + 1,
    now: snapshot.now.getTime(),
  };
}

/** Without a spec nothing is asked for any more: every member drains. */
function drainDraft(snapshot: Snapshot, previous: Tree): CatalogDraft {
  const outcome: CatalogOutcome = {
    issues: [],
    newVips: [],
    newPortContracts: [],
    refixedHosts: [],
    desiredMembers: [],
    leavingMembers: snapshot.rows.members.map(({ host, cluster, namespace, service }) => ({
      host,
      cluster,
      namespace,
      service,
      cause: snapshot.uids.has(cluster) ? 'REMOVED' : 'DELETED',
    })),
  };
  const moving = { rows: snapshot.rows.members, desired: [], leaving: outcome.leavingMembers };
  return finish(snapshot, { moving, policies: [], outcome, write: (states) => drainCatalog(previous, states) });
}

interface MovedMembers extends MemberStateResult {
  rules: RulesDecision;
  held: HeldMembers | undefined;
}

/**
 * Moves members one step. What leaves by rules goes if the breaker or a person lets it; else it stays as it is. That a cluster leaves
 * was decided by a person.
 */
function moveMembers(snapshot: Snapshot, moving: Moving): MovedMembers {
  const moved = nextMemberStates(stateInput(snapshot, moving));
  if (snapshot.gns === undefined)
    return { ...moved, rules: { cause: 'DELETED', by: 'deletion of the global namespace' }, held: undefined };
  const asked = beginsToLeave(moved.transitions).filter(({ cluster }) => !snapshot.leaving.has(cluster));
  const rules: RulesDecision = { cause: 'RULES', by: 'rules within the breaker' };
  switch (judgeLeaving(snapshot, asked)) {
    case 'WITHIN':
      return { ...moved, rules, held: undefined };
    case 'APPROVED':
      return { ...moved, rules: { cause: 'APPROVED', by: snapshot.drainHold?.approvedBy ?? '' }, held: undefined };
    case 'HELD': {
      const stay = new Set(asked.map(memberEntryName));
      const leaving = moving.leaving.filter((key) => !stay.has(memberEntryName(key)));
      return { ...nextMemberStates(stateInput(snapshot, { ...moving, leaving })), rules, held: heldMembers(asked) };
    }
  }
}

/** Names of clusters that have not confirmed the policy that they were told last. */
function behind(snapshot: Snapshot): Set<string> {
  const told = new Set(snapshot.targets.map(({ cluster }) => cluster));
  const confirmed = confirmedClusters(snapshot);
  const late = [...snapshot.uids].filter(([, uid]) => told.has(uid) && !confirmed.has(uid));
  return new Set(late.map(([name]) => name));
}

interface Unfinished {
  moving: Moving;
  policies: readonly DecidedChange[];
  outcome: CatalogOutcome;
  write: (states: MemberStates) => Tree;
}

/** States of all members after the steps. */
function statesAfter(
  { rows }: Snapshot,
  transitions: readonly MemberTransition[],
): readonly { host: string; state: string }[] {
  if (transitions.length === 0) return rows.members;
  const steps = new Map(transitions.map((step) => [memberEntryName(step), step]));
  const kept = rows.members.filter((row) => !steps.has(memberEntryName(row)));
  const moved = transitions.flatMap(({ host, to }) => (to === 'gone' ? [] : [{ host, state: to }]));
  return [...kept, ...moved];
}

function finish(snapshot: Snapshot, { moving, policies, outcome, write }: Unfinished): CatalogDraft {
  const { transitions, states, rules, held } = moveMembers(snapshot, moving);
  const removals = planRemovals({
    ...stateInput(snapshot, moving),
    gns: snapshot.key.gns,
    recorded: snapshot.rows.removals,
    transitions,
    policies: policies.map(({ host = snapshot.gns?.spec.domain ?? '', by }) => ({ host, by })),
    behind: behind(snapshot),
    rules,
    leavers: snapshot.leaving,
    isDeleted: snapshot.gns === undefined,
    registered: snapshot.uids,
    states: statesAfter(snapshot, transitions),
    now: snapshot.now,
  });
  const waiting = held === undefined ? [] : heldIssue(snapshot, held);
  const issues = waiting.length === 0 ? outcome.issues : sortIssues([...outcome.issues, ...waiting]);
  const tree = withRemovalMarks(write(states), removals.marks);
  return { outcome: { ...outcome, issues }, transitions, tree, removals, held };
}

function inputOf(
  snapshot: Snapshot,
  gns: GlobalNamespace,
  context: { previous: Tree; surroundings: Surroundings },
): CatalogInput {
  const { clusters, clusterGroups, inventories, rows } = snapshot;
  const { takenVips, claims, leavingClaims } = context.surroundings;
  return {
    gns,
    clusters,
    clusterGroups,
    inventories,
    vips: rows.vips,
    takenVips,
    claims,
    leavingClaims,
    portContracts: rows.ports,
    memberStates: rows.members,
    previous: context.previous,
    labelKeys: groupLabelKeys(snapshot.policies, gns),
    sites: sitesOf(snapshot.policies, gns),
    ...memberClusters(snapshot, gns),
  };
}

/** Clusters that leave own nothing new, and what they own drains. */
function memberClusters(snapshot: Snapshot, gns: GlobalNamespace): Pick<CatalogInput, 'memberClusters'> {
  if (snapshot.leaving.size === 0) return {};
  return { memberClusters: memberClusterNames(gns, snapshot).filter((name) => !snapshot.leaving.has(name)) };
}

/** The compile gives the rows back as it got them. */
function isRecorded(row: MemberStateRow): row is MemberRecord {
  return 'enteredSeq' in row;
}

/** Compiles the catalog and moves its members one step. */
export function draftCatalog(
  snapshot: Snapshot,
  context: { previous: Tree; surroundings: Surroundings; memo: CatalogMemo; policies: readonly DecidedChange[] },
): CatalogDraft {
  if (snapshot.gns === undefined) return drainDraft(snapshot, context.previous);
  const { write, unsettled, ...outcome } = prepareCatalog(inputOf(snapshot, snapshot.gns, context), context.memo);
  const rows = unsettled.rows.filter((row) => isRecorded(row));
  const moving = { rows, desired: unsettled.desired, leaving: outcome.leavingMembers };
  return finish(snapshot, { moving, policies: context.policies, outcome, write });
}

/** Services that become members now: another global namespace must not hold them. */
export function newcomers({ transitions }: CatalogDraft): { cluster: string; namespace: string; service: string }[] {
  return transitions
    .filter(({ from }) => from === undefined)
    .map(({ cluster, namespace, service }) => ({ cluster, namespace, service }));
}
