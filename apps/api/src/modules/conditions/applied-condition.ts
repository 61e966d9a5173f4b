import type { TargetModel, TargetStatus } from '../targets/target-model.js';
import { statusOf } from '../targets/target-model.js';
import type { Condition } from './condition.type.js';

/** Whether clusters hold what is wanted of them: one failure is FALSE, one that is not known makes the whole unknown. */
export function appliedCondition(targets: readonly TargetModel[], generation: number | undefined): Condition {
  const about = { type: 'Applied', observedGeneration: generation, observedAt: oldest(targets) };
  const active = targets.filter(({ record }) => record.state !== 'CLOSED');
  if (active.length === 0) {
    return { ...about, status: 'UNKNOWN', reason: 'NoTargets', message: 'Nothing is wanted of any cluster yet.' };
  }
  const count = (status: TargetStatus) => active.filter((target) => statusOf(target) === status).length;
  const counts = { failed: count('FAILED') + count('HELD'), unknown: count('UNKNOWN'), applied: count('APPLIED') };
  const message = `${counts.applied} of ${active.length} applied, ${counts.failed} failed or held, ${counts.unknown} unknown.`;
  if (counts.failed > 0) return { ...about, status: 'FALSE', reason: 'Failed', message };
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
