import {
  EMPTY_ROOT,
  drainCatalog,
  nextMemberStates,
  prepareCatalog,
  type CatalogInput,
  type CatalogMemo,
  type CatalogOutcome,
  type ClusterAck,
  type GlobalNamespace,
  type LeavingMember,
  type MemberKey,
  type MemberStateInput,
  type MemberStateRow,
  type MemberTransition,
  type Tree,
} from '@isthmus/domain';
import type { MemberRecord } from '@isthmus/store';
import type { Snapshot } from './snapshot.js';

/** What a compile learns only while it writes: addresses and services that other global namespaces hold. */
export interface Surroundings {
  takenVips: ReadonlySet<string>;
  /** `<cluster>/<namespace>/<service>` → the global namespace that holds it. */
  claims: ReadonlyMap<string, string>;
}

/** A catalog to publish, with the rows that go with it. */
export interface CatalogDraft {
  tree: Tree;
  outcome: CatalogOutcome;
  transitions: MemberTransition[];
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
  const { transitions, states } = nextMemberStates(stateInput(snapshot, moving));
  return { outcome, transitions, tree: drainCatalog(previous, states) };
}

function inputOf(
  snapshot: Snapshot,
  gns: GlobalNamespace,
  context: { previous: Tree; surroundings: Surroundings },
): CatalogInput {
  const { clusters, clusterGroups, inventories, rows } = snapshot;
  const { takenVips, claims } = context.surroundings;
  return {
    gns,
    clusters,
    clusterGroups,
    inventories,
    vips: rows.vips,
    takenVips,
    claims,
    portContracts: rows.ports,
    memberStates: rows.members,
    previous: context.previous,
  };
}

/** The compile gives the rows back as it got them. */
function isRecorded(row: MemberStateRow): row is MemberRecord {
  return 'enteredSeq' in row;
}

/** Compiles the catalog and moves its members one step. */
export function draftCatalog(
  snapshot: Snapshot,
  context: { previous: Tree; surroundings: Surroundings; memo: CatalogMemo },
): CatalogDraft {
  if (snapshot.gns === undefined) return drainDraft(snapshot, context.previous);
  const { write, unsettled, ...outcome } = prepareCatalog(inputOf(snapshot, snapshot.gns, context), context.memo);
  const rows = unsettled.rows.filter((row) => isRecorded(row));
  const moving = { rows, desired: unsettled.desired, leaving: outcome.leavingMembers };
  const { transitions, states } = nextMemberStates(stateInput(snapshot, moving));
  return { outcome, transitions, tree: write(states) };
}

/** Services that become members now: another global namespace must not hold them. */
export function newcomers({ transitions }: CatalogDraft): { cluster: string; namespace: string; service: string }[] {
  return transitions
    .filter(({ from }) => from === undefined)
    .map(({ cluster, namespace, service }) => ({ cluster, namespace, service }));
}
