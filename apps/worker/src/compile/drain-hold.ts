import { memberEntryName, type Issue, type MemberKey, type MemberTransition } from '@isthmus/domain';
import { heldDrain, heldSetHash, judgeDrain, type DrainVerdict } from '@isthmus/plan';
import type { HoldRecord } from '@isthmus/store';
import type { Snapshot } from './snapshot.js';

/** Members that leave by rules and wait for a person. */
export interface HeldMembers {
  setHash: string;
  items: string[];
  hosts: string[];
}

/** Members that begin to leave with these steps, without an observed deletion behind them. */
export function beginsToLeave(transitions: readonly MemberTransition[]): MemberTransition[] {
  return transitions.filter(({ from, to }) => to === 'draining' && from !== 'draining');
}

function approvedSet(hold: HoldRecord | undefined) {
  return hold?.approvedAt === undefined ? undefined : { setHash: hold.setHash, shown: hold.items };
}

/** Judges members that the rules no longer ask for. The deletion of a whole global namespace is one explicit act. */
export function judgeLeaving({ gns, rows, now, drainHold }: Snapshot, asked: readonly MemberKey[]): DrainVerdict {
  if (gns === undefined || asked.length === 0) return 'WITHIN';
  return judgeDrain({
    asked: asked.map((key) => ({ host: key.host, item: memberEntryName(key) })),
    removed: rows.removals.map(({ host, decidedAt, cause }) => ({
      host,
      at: decidedAt.getTime(),
      counts: cause === 'RULES',
    })),
    hosts: new Set(rows.members.map(({ host }) => host)),
    now: now.getTime(),
    approved: approvedSet(drainHold),
  });
}

/** The set that a person is asked about. */
export function heldMembers(asked: readonly MemberKey[]): HeldMembers {
  const items = asked.map(memberEntryName).sort();
  return { items, setHash: heldSetHash(items), hosts: [...new Set(asked.map(({ host }) => host))].sort() };
}

/** Says what waits, and how it goes on. */
export function heldIssue({ gns }: Snapshot, held: HeldMembers): Issue[] {
  return gns === undefined ? [] : [heldDrain('ISM0260', gns, held)];
}
