import type { HeadRecord, HoldRecord, ResourceRecord } from '@isthmus/store';
import { hasErrors } from '@isthmus/domain';
import { issuesOfJson } from '../issues/issue-json.js';
import type { TargetModel } from '../targets/target-model.js';
import { appliedCondition, REMOVALS_HELD } from './applied-condition.js';
import type { Condition } from './condition.type.js';

/** What is known about a global namespace. */
export interface NamespaceFacts {
  gns: ResourceRecord;
  /** Policies that target it. */
  policies: readonly ResourceRecord[];
  head: HeadRecord | undefined;
  targets: readonly TargetModel[];
  holds: readonly HoldRecord[];
}

/** Conditions of a global namespace, in the order of the path: Compiled, Valid, Applied, Healthy. */
export function namespaceConditions(facts: NamespaceFacts): Condition[] {
  const { gns, head, targets } = facts;
  const isCompiled = compiledUpTo(facts);
  const generation = isCompiled ? gns.generation : undefined;
  return [
    compiled(head, isCompiled, gns.generation),
    valid(head, generation),
    applied(facts, isCompiled ? appliedCondition(targets, generation) : stale(appliedCondition(targets, undefined))),
    {
      type: 'Healthy',
      status: 'UNKNOWN',
      reason: 'NotMeasured',
      message: 'No traffic of this global namespace has been measured.',
    },
  ];
}

/** What the rules ask for is not there while members that they leave out wait for a person. */
function applied({ gns, holds }: NamespaceFacts, condition: Condition): Condition {
  const waiting = holds.find(({ kind, approvedAt }) => kind === 'DRAIN' && approvedAt === undefined);
  if (waiting === undefined || condition.reason === 'Failed') return condition;
  const name = gns.project === 'default' ? gns.name : `${gns.project}/${gns.name}`;
  const message = `${waiting.count} members that the rules leave out wait for approval (isthmus approve --global-namespace ${name}); else: ${condition.message}`;
  return { ...condition, status: 'FALSE', reason: REMOVALS_HELD, message };
}

/** True if the newest compile saw the newest change of the global namespace and of each policy that targets it. */
export function compiledUpTo({ gns, policies, head }: NamespaceFacts): boolean {
  const newest = Math.max(...[gns, ...policies].map(({ resourceVersion }) => Number(resourceVersion)));
  return head !== undefined && head.specVersion >= newest;
}

function compiled(head: HeadRecord | undefined, isCompiled: boolean, generation: number): Condition {
  const about = { type: 'Compiled', observedAt: head?.updatedAt };
  if (head === undefined || head.specVersion === 0) {
    return { ...about, status: 'UNKNOWN', reason: 'NotCompiledYet', message: 'No worker has compiled it yet.' };
  }
  if (!isCompiled) {
    return { ...about, status: 'FALSE', reason: 'Pending', message: 'A newer change waits for its compile.' };
  }
  const message = `Revision ${head.policyRevision}, catalog ${head.catalogSeq}.`;
  return { ...about, status: 'TRUE', reason: 'Compiled', message, observedGeneration: generation };
}

function valid(head: HeadRecord | undefined, generation: number | undefined): Condition {
  const about = { type: 'Valid', observedAt: head?.updatedAt, observedGeneration: generation };
  if (head === undefined || head.specVersion === 0) {
    return { ...about, status: 'UNKNOWN', reason: 'NotCompiledYet', message: 'No worker has compiled it yet.' };
  }
  const issues = [...issuesOfJson(head.policyIssues), ...issuesOfJson(head.catalogIssues)];
  if (hasErrors(issues)) {
    const count = issues.filter(({ severity }) => severity === 'ERROR').length;
    return { ...about, status: 'FALSE', reason: 'HasErrors', message: `${count} errors; see issues.` };
  }
  return { ...about, status: 'TRUE', reason: 'NoErrors', message: `No errors, ${issues.length} other issues.` };
}

/** Clusters may hold what was wanted before: that says nothing about the change that waits. */
function stale(condition: Condition): Condition {
  return condition.status === 'TRUE'
    ? {
        ...condition,
        status: 'FALSE',
        reason: 'Progressing',
        message: `Before the pending change: ${condition.message}`,
      }
    : condition;
}
