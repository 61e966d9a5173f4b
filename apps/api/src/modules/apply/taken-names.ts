import { issue, sortIssues, type Issue } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { failure, type MutationFailure } from '../results/failure.js';
import type { ApplyRequest } from './apply-request.js';
import { keyOfResource, keyText, refOf } from './desired.js';

/** The conflict of a request that wants to make what is there already: all of it at once, the first one as it is now. */
export function takenNames(
  { puts, locate = (one: Issue): Issue => one }: Pick<ApplyRequest, 'puts' | 'locate'>,
  stored: ReadonlyMap<string, ResourceRecord>,
): MutationFailure | undefined {
  const taken = puts.flatMap(({ resource, expectedVersion }) => {
    const record = expectedVersion === null ? stored.get(keyText(keyOfResource(resource))) : undefined;
    return record === undefined ? [] : [record];
  });
  const [first] = taken;
  if (first === undefined) return undefined;
  const issues = taken.map((record) => {
    const resource = refOf(record);
    const place = resource.project === undefined ? '' : ` in project ${resource.project}`;
    const message = `${record.kind} ${record.name}${place} is there already`;
    return locate(issue('ISM0556', { path: 'metadata.name', message, resource }));
  });
  const what = taken.length === 1 ? (issues[0]?.message ?? '') : `${taken.length} of them are there already`;
  return failure('CONFLICT', `${what}; nothing was changed`, { issues: sortIssues(issues), current: first.uid });
}
