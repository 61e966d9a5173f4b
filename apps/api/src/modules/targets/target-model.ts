import { comparePairs } from '@isthmus/protocol';
import type { AppliedRecord, HeadRecord, SessionRecord, TargetRecord } from '@isthmus/store';

/** What is wanted of one cluster for one global namespace, and what its agent last said. */
export interface TargetModel {
  typename: 'Target';
  record: TargetRecord;
  head: HeadRecord | undefined;
  policy: AppliedRecord | undefined;
  catalog: AppliedRecord | undefined;
  session: SessionRecord | undefined;
}

export const TARGET_STATUSES = ['UNKNOWN', 'PENDING', 'APPLIED', 'FAILED', 'HELD', 'LEFT'] as const;
export type TargetStatus = (typeof TARGET_STATUSES)[number];

/** Where a target stands. Without a connected agent it is UNKNOWN, whatever was true when it was last heard. */
export function statusOf(target: TargetModel): TargetStatus {
  if (target.record.state === 'CLOSED') return 'LEFT';
  if (target.session?.connected !== true) return 'UNKNOWN';
  if (!isCurrent(target)) return 'PENDING';
  return reportedStatus([target.policy, target.catalog].filter((line) => line !== undefined));
}

function reportedStatus(lines: readonly AppliedRecord[]): TargetStatus {
  const states = lines.map(stateOf);
  if (lines.some(({ errorCount }) => errorCount > 0) || states.includes('PARTIAL')) return 'FAILED';
  if (states.includes('HELD')) return 'HELD';
  return states.includes('WAITING') || states.includes('FROZEN') ? 'PENDING' : 'APPLIED';
}

/** True if the agent said that it applied the very policy ref, and a catalog no older than the head. */
export function isCurrent({ record, head, policy, catalog }: TargetModel): boolean {
  if (policy === undefined || comparePairs(policy.ref, record.ref) !== 0 || policy.ref.root !== record.ref.root)
    return false;
  if (record.state === 'LEAVING' || head === undefined || head.catalogSeq === 0) return true;
  return catalog !== undefined && comparePairs(catalog.ref, { epoch: head.catalogEpoch, seq: head.catalogSeq }) >= 0;
}

/** The state that the agent gave with an acknowledgement; undefined if it gave none. */
export function stateOf(applied: AppliedRecord | undefined): string | undefined {
  const detail = applied?.detail;
  if (typeof detail !== 'object' || detail === null || !('state' in detail)) return undefined;
  return typeof detail.state === 'string' ? detail.state : undefined;
}

/** Number of the policy revision that the agent applied, as far as it is the wanted or the newest one. */
export function appliedRevision({ record, head, policy }: TargetModel): number | undefined {
  if (policy === undefined) return undefined;
  if (policy.ref.root === record.ref.root) return record.revision;
  return policy.ref.root === head?.policyRoot ? head.policyRevision : undefined;
}
