import { issue, type Issue } from '@isthmus/domain';
import type { ApplyRequest, ResourceChange } from './apply-request.js';
import { keyOfResource, keyText } from './desired.js';

/** Errors of a resource that names another one which is not there. */
const MISSING: readonly string[] = ['ISM0111', 'ISM0126', 'ISM0127', 'ISM0128'];

/**
 * What a deletion breaks elsewhere is said of the deletion: that "there is no cluster east" means nothing to a person who
 * deletes it. An error of a resource that the request itself writes stays as it is.
 */
export function stillNeeded(one: Issue, { puts }: ApplyRequest, changes: readonly ResourceChange[]): Issue {
  const { resource } = one;
  const deleted = changes.filter(({ outcome }) => outcome === 'DELETED');
  if (resource === undefined || deleted.length === 0 || !MISSING.includes(one.code)) return one;
  const { kind, name, project = '' } = resource;
  const written = puts.map((put) => keyOfResource(put.resource));
  if (written.some((key) => key.kind === kind && key.name === name && [key.project, ''].includes(project))) return one;
  const [first] = deleted;
  const what = deleted.length === 1 && first !== undefined ? titleOf(first) : 'what shall be deleted';
  const { severity: _severity, code: _code, message: _message, hint: _hint, ...place } = one;
  return issue('ISM0515', { ...place, message: `${kind} ${name} still names ${what}` });
}

function titleOf(change: ResourceChange): string {
  return keyText(change).split('/').filter(Boolean).join('/');
}
