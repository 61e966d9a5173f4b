import { issue, type Issue } from '@isthmus/domain';
import type { ApplyRequest } from './apply-request.js';
import { keyOfResource } from './desired.js';

type Labels = Readonly<Record<string, string>>;

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

/** What is wrong with a request by itself, whatever is stored; with what was found before. */
export function requestIssues(request: ApplyRequest): Issue[] {
  return [...(request.issues ?? []), ...pruneIssues(request), ...keyIssues(request)];
}

/** True if the labels hold all that are wanted. */
export function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value);
}

function pruneIssues({ prune, puts }: ApplyRequest): Issue[] {
  if (prune === undefined) return [];
  if (Object.keys(prune).length === 0) return [issue('ISM0505', { path: 'prune', message: 'prune names no label' })];
  return puts
    .filter(({ resource }) => !carries(resource.metadata.labels ?? {}, prune))
    .map(({ resource }) => {
      const { kind, name, project } = keyOfResource(resource);
      const about = { kind, name, ...(project === '' ? {} : { project }) };
      return issue('ISM0508', {
        path: 'metadata.labels',
        message: `${kind} ${name} lacks the labels of prune`,
        resource: about,
      });
    });
}

function keyIssues({ idempotencyKey }: ApplyRequest): Issue[] {
  if (idempotencyKey === undefined || IDEMPOTENCY_KEY.test(idempotencyKey)) return [];
  const message = 'a key has 1 to 128 printable ASCII characters without blanks';
  return [issue('ISM0506', { path: 'idempotencyKey', message })];
}
