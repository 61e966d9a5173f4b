import type { ClusterLife, LineStopRecord, ResourceRecord } from '@isthmus/store';
import { currentStep } from '../onboarding/steps/onboarding-steps.js';
import type { OnboardingStep } from '../onboarding/steps/step.js';
import type { Condition } from './condition.type.js';

export interface LifeFacts {
  cluster: Pick<ResourceRecord, 'generation'>;
  steps: readonly OnboardingStep[];
  life: ClusterLife | undefined;
  stops: readonly LineStopRecord[];
}

/** Whether the cluster has come in, and what people decided about it. What nobody decided has no condition. */
export function lifeConditions({ cluster, steps, life, stops }: LifeFacts): Condition[] {
  const observedGeneration = cluster.generation;
  return [onboarded(steps), ...phase(life), ...abandoned(life), ...databaseCurrent(stops)].map((one) => ({
    ...one,
    observedGeneration,
  }));
}

function onboarded(steps: readonly OnboardingStep[]): Condition {
  const current = currentStep(steps);
  if (current === undefined)
    return { type: 'Onboarded', status: 'TRUE', reason: 'Ready', message: 'Every step on its way in is done.' };
  const { step, state, message, error, observedAt } = current;
  const fix = error?.code === undefined ? '' : ` (${error.code})`;
  return {
    ...{ type: 'Onboarded', status: state === 'UNKNOWN' ? 'UNKNOWN' : 'FALSE' },
    ...{ reason: pascal(step), message: `${message}${fix}`, observedAt },
  };
}

const pascal = (step: string): string =>
  step.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const PHASES: Readonly<Record<ClusterLife['phase'], Pick<Condition, 'type' | 'reason' | 'message'> | undefined>> = {
  MEMBER: undefined,
  LEAVING: {
    type: 'Leaving',
    reason: 'Draining',
    message: 'Others stop using its members; then it removes what it holds.',
  },
  LEFT: { type: 'Left', reason: 'Proven', message: 'Its agent has reported that nothing is left in it.' },
  EVICTED: {
    type: 'Evicted',
    reason: 'Decided',
    message: 'Others dropped it and its identity is revoked; what it held stays there.',
  },
};

function phase(life: ClusterLife | undefined): Condition[] {
  const condition = life && PHASES[life.phase];
  if (life === undefined || condition === undefined) return [];
  return [{ ...condition, status: 'TRUE', message: `${condition.message} By ${life.by}.`, observedAt: life.since }];
}

function abandoned(life: ClusterLife | undefined): Condition[] {
  if (life?.abandonedAt === undefined) return [];
  const message = `Drains do not wait for it until its agent is heard again. By ${life.abandonedBy ?? ''}.`;
  return [{ type: 'Abandoned', status: 'TRUE', reason: 'Decided', message, observedAt: life.abandonedAt }];
}

/** Only a database that went back is told of. */
export function databaseCurrent(stops: readonly LineStopRecord[]): Condition[] {
  const [first] = [...stops].sort((a, b) => a.since.getTime() - b.since.getTime());
  if (first === undefined) return [];
  const clusters = new Set(stops.map(({ cluster }) => cluster)).size;
  const message = `${stops.length} lines of ${clusters} clusters get nothing more until the epoch is raised. ${first.message}`;
  return [{ type: 'DatabaseCurrent', status: 'FALSE', reason: 'DatabaseWentBack', message, observedAt: first.since }];
}
