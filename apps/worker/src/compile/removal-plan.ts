import type { ClusterAck, LeavingMember, MemberTransition } from '@isthmus/domain';
import { memberEntryName } from '@isthmus/domain';
import { BREAKER_LIMITS } from '@isthmus/plan';
import type { RemovalCause, RemovalKey, RemovalRecord } from '@isthmus/store';

/** A decision is kept that long for clusters that are away; who comes back later asks again. */
const KEPT_MS = 90 * 24 * 3_600_000;

/** What is decided of members that leave by rules, and by whom. */
export interface RulesDecision {
  cause: Extract<RemovalCause, 'RULES' | 'APPROVED' | 'DELETED'>;
  by: string;
}

/** Everything that decides what agents may remove without asking again. */
export interface RemovalInput {
  gns: string;
  recorded: readonly RemovalRecord[];
  transitions: readonly MemberTransition[];
  /** Hosts, or the domain for all of them, where policies may take objects away, and whose decision that is. */
  policies: readonly { host: string; by: string }[];
  /** Names of clusters that have not confirmed the policy that they were told last. */
  behind: ReadonlySet<string>;
  leaving: readonly LeavingMember[];
  rules: RulesDecision;
  /** Clusters that leave by a person's decision, and whose it was. */
  leavers: ReadonlyMap<string, string>;
  /** Undefined: the global namespace has no spec any more. */
  isDeleted: boolean;
  /** Names of registered clusters. */
  registered: { has(cluster: string): boolean };
  /** Clusters that hold the global namespace, and what each has acknowledged. */
  clients: readonly string[];
  acks: ReadonlyMap<string, ClusterAck>;
  /** States of members after the transitions. */
  states: readonly { host: string; state: string }[];
  nextSeq: number;
  now: Date;
}

/** Rows to write, and the marks that follow from them: hosts, and whether all of the host was decided to go. */
export interface RemovalPlan {
  put: RemovalRecord[];
  drop: RemovalKey[];
  /** All rows after that. */
  after: RemovalRecord[];
  /** Rows that this step decides about members. */
  decided: RemovalRecord[];
  marks: Map<string, boolean>;
}

const keyOf = ({ host, cause }: RemovalKey): string => `${host} ${cause}`;

function observed(
  cluster: string,
  { isDeleted, registered }: RemovalInput,
): Pick<RemovalRecord, 'cause' | 'decidedBy'> {
  if (isDeleted) return { cause: 'DELETED', decidedBy: 'deletion of the global namespace' };
  if (registered.has(cluster)) return { cause: 'OBSERVED', decidedBy: `cluster ${cluster}` };
  return { cause: 'DELETED', decidedBy: `deletion of cluster ${cluster}` };
}

/** The decision behind a step that begins to take a member away; undefined for steps that only go on. */
function decisionOf(
  step: MemberTransition,
  input: RemovalInput,
  deleted: ReadonlySet<string>,
): RemovalRecord | undefined {
  const about = { gns: input.gns, host: step.host, decidedAt: input.now, catalogSeq: input.nextSeq, open: true };
  if (step.to === 'draining' && step.from !== 'draining') {
    const leaver = input.leavers.get(step.cluster);
    const { cause, by }: RulesDecision = leaver === undefined ? input.rules : { cause: 'APPROVED', by: leaver };
    return { ...about, cause, decidedBy: by };
  }
  const isObserved = step.to === 'gone' && deleted.has(memberEntryName(step));
  return isObserved ? { ...about, ...observed(step.cluster, input) } : undefined;
}

function policyRow({ host, by }: RemovalInput['policies'][number], input: RemovalInput): RemovalRecord {
  const { gns, now, nextSeq } = input;
  return { gns, host, cause: 'POLICY', decidedBy: by, decidedAt: now, catalogSeq: nextSeq, open: true };
}

function byKey(rows: readonly RemovalRecord[]): Map<string, RemovalRecord> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** True once nothing of the host leaves any more and every cluster has what took it away. */
function isFollowed(row: RemovalRecord, input: RemovalInput, draining: ReadonlySet<string>): boolean {
  const { clients, acks, behind } = input;
  if (row.cause === 'POLICY') return !clients.some((cluster) => behind.has(cluster));
  if (draining.has(row.host)) return false;
  return clients.every((cluster) => (acks.get(cluster)?.catalogSeq ?? 0) >= row.catalogSeq);
}

/** What becomes of a row that no step touches: undefined = it goes. */
function settle(row: RemovalRecord, input: RemovalInput, draining: ReadonlySet<string>): RemovalRecord | undefined {
  const age = input.now.getTime() - row.decidedAt.getTime();
  if (age >= KEPT_MS) return undefined;
  if (row.open && !isFollowed(row, input, draining)) return row;
  // What policies take away lingers, and is removed after it was confirmed.
  if (row.cause === 'POLICY' && age < BREAKER_LIMITS.windowMs) return row;
  if (age >= BREAKER_LIMITS.windowMs) return undefined;
  return row.open ? { ...row, open: false } : row;
}

function marksOf(rows: readonly RemovalRecord[], states: RemovalInput['states']): Map<string, boolean> {
  const marks = new Map<string, boolean>();
  for (const { host, cause } of rows.filter(({ open }) => open))
    marks.set(host, cause !== 'POLICY' || marks.get(host) === true);
  if (marks.size === 0) return marks;
  for (const { host, state } of states) if (state !== 'draining' && marks.has(host)) marks.set(host, false);
  return marks;
}

/**
 * Plans the rows of decided removals after a step of the members and a change of policies. A row about members stays open until every
 * cluster has acknowledged the catalog that last took something of its host away, and counts for the breaker for ten minutes; one
 * about policies until every cluster has confirmed its policy, and ten minutes at least; each for ninety days at most.
 */
export function planRemovals(input: RemovalInput): RemovalPlan {
  const { recorded, transitions, policies, nextSeq, states } = input;
  if (recorded.length + transitions.length + policies.length === 0)
    return { put: [], drop: [], after: [], decided: [], marks: new Map() };
  const draining = new Set(states.filter(({ state }) => state === 'draining').map(({ host }) => host));
  const deleted = new Set(input.leaving.filter(({ cause }) => cause === 'DELETED').map(memberEntryName));
  const decided = byKey(transitions.flatMap((step) => decisionOf(step, input, deleted) ?? []));
  const changed = byKey(policies.map((change) => policyRow(change, input)));
  const going = new Set(transitions.filter(({ to }) => to === 'gone').map(({ host }) => host));
  const kept = recorded
    .filter((row) => !decided.has(keyOf(row)) && !changed.has(keyOf(row)))
    .flatMap((row) => {
      if (row.open && going.has(row.host)) return { ...row, catalogSeq: nextSeq };
      return settle(row, input, draining) ?? [];
    });
  const after = [...kept, ...decided.values(), ...changed.values()];
  const [known, left] = [new Set(recorded), new Set(after.map(keyOf))];
  return {
    put: after.filter((row) => !known.has(row)),
    drop: recorded.filter((row) => !left.has(keyOf(row))).map(({ host, cause }) => ({ host, cause })),
    after,
    decided: [...decided.values()],
    marks: marksOf(after, states),
  };
}
