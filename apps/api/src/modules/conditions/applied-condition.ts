import type { TargetModel, TargetStatus } from '../targets/target-model.js';
import { statusOf } from '../targets/target-model.js';
import type { Condition } from './condition.type.js';

/** Reason of conditions while removals wait for a person. */
export const REMOVALS_HELD = 'RemovalsHeld';

/** Whether clusters hold what is wanted of them: one failure is FALSE, one that is not known makes the whole unknown. */
export function appliedCondition(targets: readonly TargetModel[], generation: number | undefined): Condition {
  const about = { type: 'Applied', observedGeneration: generation, observedAt: oldest(targets) };
  const active = targets.filter(({ record }) => record.state !== 'CLOSED');
  if (active.length === 0) {
    return { ...about, status: 'UNKNOWN', reason: 'NoTargets', message: 'Nothing is wanted of any cluster yet.' };
  }
  const count = (status: TargetStatus) => active.filter((target) => statusOf(target) === status).length;
  const [failed, held, unknown, applied] = [count('FAILED'), count('HELD'), count('UNKNOWN'), count('APPLIED')];
  const counts = { unknown, applied };
  const waiting = held === 0 ? '' : `, ${held} with deletions that wait for approval`;
  const message = `${applied} of ${active.length} applied, ${failed} failed${waiting}, ${unknown} unknown.`;
  if (failed > 0) return { ...about, status: 'FALSE', reason: 'Failed', message };
  if (held > 0)
    return { ...about, status: 'FALSE', reason: REMOVALS_HELD, message: `${message} See isthmus get holds.` };
  if (counts.applied === active.length) return { ...about, status: 'TRUE', reason: 'Applied', message };
  if (counts.applied + counts.unknown === active.length) {
    return { ...about, status: 'UNKNOWN', reason: 'ClustersUnreachable', message };
  }
  return { ...about, status: 'FALSE', reason: 'Progressing', message };
}

function oldest(targets: readonly TargetModel[]): Date | undefined {
  const times = targets.map(({ session }) => session?.lastSeenAt).filter((time) => time !== undefined);
  return times.sort((a, b) => a.getTime() - b.getTime())[0];
}
