import type { MemberState } from '../intent/entries.js';
import { byMember, memberEntryName, memberKey, type MemberKey } from './member-key.js';
import type { LeavingMember, MemberStateRow } from './catalog-input.js';
import type { MemberStates } from './catalog-memo.js';

/** Time that open connections get after every client has acknowledged that a member drains. */
export const DRAIN_MS = 45_000;

/** A recorded member: its state, the catalog seq that first carried it, and when a drain ends. */
export interface MemberRow extends MemberStateRow {
  enteredSeq: number;
  /** Milliseconds since the epoch, database time. */
  dueAt?: number;
}

/** What one cluster acknowledged of a global namespace, in the current epoch; an older epoch counts as nothing. */
export interface ClusterAck {
  /** Catalog seq applied; 0 = none. */
  catalogSeq: number;
  /** True if a policy root is applied, so that protection stands beside what is offered. */
  hasPolicy: boolean;
  /** Hosts that the cluster could not render or apply: no offer is made for them. */
  failedHosts?: ReadonlySet<string>;
}

/** Everything that moves members. Barriers are rows: lost or repeated messages delay a step but cannot skip it. */
export interface MemberStateInput {
  rows: readonly MemberRow[];
  desired: readonly MemberKey[];
  leaving: readonly LeavingMember[];
  /** By cluster name; a cluster that acknowledged nothing is absent. */
  acks: ReadonlyMap<string, ClusterAck>;
  /** Clusters that hold the global namespace and so may have clients, reachable or not. */
  clients: readonly string[];
  /** Clusters that a person decided not to wait for. */
  abandoned?: ReadonlySet<string>;
  /** The seq of the catalog that these transitions will be published with. */
  nextSeq: number;
  /** Milliseconds since the epoch, database time. */
  now: number;
}

/** One step of one member; `from` undefined = no row yet, `to` gone = the row goes. */
export interface MemberTransition extends MemberKey {
  from: MemberState | undefined;
  to: MemberState | 'gone';
  enteredSeq: number;
  dueAt?: number;
}

/** Steps to record, the states that the catalog is then written with, and when time alone moves something next. */
export interface MemberStateResult {
  transitions: MemberTransition[];
  states: MemberStates;
  nextDueAt: number | undefined;
}

type Step = Pick<MemberTransition, 'to' | 'enteredSeq' | 'dueAt'>;

/** The owner renders the server side: its acknowledgement, with a policy applied, is the offer. */
function isOffered(row: MemberRow, ack: ClusterAck | undefined): boolean {
  if (ack === undefined || ack.failedHosts?.has(row.host) === true) return false;
  return ack.hasPolicy && ack.catalogSeq >= row.enteredSeq;
}

function stepDesired(row: MemberRow | undefined, input: MemberStateInput): Step | undefined {
  if (row === undefined || row.state === 'draining') return { to: 'wanted', enteredSeq: input.nextSeq };
  if (row.state === 'served' || !isOffered(row, input.acks.get(row.cluster))) return undefined;
  return { to: 'served', enteredSeq: input.nextSeq };
}

/** True once no other cluster can still send to the member: each has acknowledged the catalog that drains it. */
function clientsLeft(row: MemberRow, input: MemberStateInput): boolean {
  return input.clients.every((cluster) => {
    if (cluster === row.cluster || input.abandoned?.has(cluster) === true) return true;
    return (input.acks.get(cluster)?.catalogSeq ?? 0) >= row.enteredSeq;
  });
}

function stepDraining(row: MemberRow, input: MemberStateInput): Step | undefined {
  if (row.dueAt !== undefined) return input.now >= row.dueAt ? { to: 'gone', enteredSeq: input.nextSeq } : undefined;
  return clientsLeft(row, input)
    ? { to: 'draining', enteredSeq: row.enteredSeq, dueAt: input.now + DRAIN_MS }
    : undefined;
}

function stepLeaving(row: MemberRow, cause: LeavingMember['cause'], input: MemberStateInput): Step | undefined {
  if (cause === 'DELETED') return { to: 'gone', enteredSeq: input.nextSeq };
  return row.state === 'draining' ? stepDraining(row, input) : { to: 'draining', enteredSeq: input.nextSeq };
}

function transitionOf(key: MemberKey, row: MemberRow | undefined, step: Step): MemberTransition {
  return { ...memberKey(key), from: row?.state, ...step };
}

/**
 * Moves members one step: `wanted` → `served` when the owner has acknowledged; removal by rules → `draining` → `gone`, 45 s
 * after every client acknowledged, however long an unreachable one takes; an observed deletion is `gone` at once. A row that
 * is neither desired nor leaving stays as it is.
 */
export function nextMemberStates(input: MemberStateInput): MemberStateResult {
  const rows = new Map(input.rows.map((row) => [memberEntryName(row), row]));
  const transitions: MemberTransition[] = [];
  for (const key of input.desired) {
    const row = rows.get(memberEntryName(key));
    const step = stepDesired(row, input);
    if (step !== undefined) transitions.push(transitionOf(key, row, step));
  }
  for (const key of input.leaving) {
    const row = rows.get(memberEntryName(key));
    const step = row && stepLeaving(row, key.cause, input);
    if (step !== undefined) transitions.push(transitionOf(key, row, step));
  }
  return { transitions: transitions.sort(byMember), ...applied(input.rows, transitions) };
}

function applied(
  rows: readonly MemberRow[],
  transitions: readonly MemberTransition[],
): Omit<MemberStateResult, 'transitions'> {
  const states = new Map(rows.map((row) => [memberEntryName(row), row.state]));
  const due = new Map(rows.map((row) => [memberEntryName(row), row.dueAt]));
  for (const step of transitions) {
    const name = memberEntryName(step);
    due.set(name, step.to === 'gone' ? undefined : step.dueAt);
    if (step.to === 'gone') states.delete(name);
    else states.set(name, step.to);
  }
  const times = [...due.values()].filter((time) => time !== undefined);
  return { states, nextDueAt: times.length === 0 ? undefined : Math.min(...times) };
}
