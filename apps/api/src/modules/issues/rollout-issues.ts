import { issue, type Issue } from '@isthmus/domain';
import type { HeadRecord } from '@isthmus/store';

/**
 * Owners that a change of routes waits for, and those that it did not wait for any longer. `nameOf`: of clusters by uid; what has none
 * is not told.
 */
export function rolloutIssues(
  { rollout }: Pick<HeadRecord, 'rollout'>,
  resource: NonNullable<Issue['resource']>,
  nameOf: (uid: string) => string | undefined,
): Issue[] {
  if (rollout === undefined) return [];
  const about = (code: 'ISM0448' | 'ISM0449', uid: string, messageOf: (cluster: string) => string): Issue[] => {
    const cluster = nameOf(uid);
    return cluster === undefined ? [] : [issue(code, { path: '', message: messageOf(cluster), cluster, resource })];
  };
  const asked = rollout.step === 'expand' ? rollout.awaits : [];
  return [
    ...asked.flatMap(({ cluster: uid, until }) =>
      about(
        'ISM0448',
        uid,
        (cluster) => `routes wait until ${cluster} has confirmed what they begin to name${untilText(until)}`,
      ),
    ),
    ...rollout.missed.flatMap((uid) =>
      about(
        'ISM0449',
        uid,
        (cluster) => `routes name versions of ${cluster}, which has not confirmed that it knows them`,
      ),
    ),
  ];
}

function untilText(until: number | undefined): string {
  return until === undefined ? '' : `, at most until ${new Date(until).toISOString()}`;
}
