import { LABELS, MANAGED_BY } from '@isthmus/domain';
import type { KubeObject } from '@isthmus/domain';
import { observedOurs } from '@isthmus/plan';
import type { ObservedObject } from '@isthmus/plan';
import { parseDocument } from 'yaml';

const MAX_OBJECT_BYTES = 4 * 1024 * 1024;

/** Equal to no hash of an object, so that the file is written anew. */
const DAMAGED: ObservedObject = { state: 'ours', hash: 'damaged', isEdited: true };

/** What a text at an object's place is: ours if it carries our label, or is what is left of such a text. */
export function observedIn(text: string): ObservedObject {
  if (text.length > MAX_OBJECT_BYTES) return { state: 'foreign' };
  const object = objectIn(text);
  return object === undefined ? foreignOrDamaged(text) : observedOurs(object);
}

/** The object that a text is, if it is whole and carries our label. */
export function objectIn(text: string): KubeObject | undefined {
  const document = parseDocument(text, { uniqueKeys: true });
  const value: unknown = document.errors.length === 0 ? document.toJS({ maxAliasCount: 0 }) : undefined;
  return isOurs(value) ? value : undefined;
}

/**
 * A file that we wrote and somebody cut short still names its manager. An empty one, or one of NUL bytes, is what a loss of power
 * leaves of a file that was not on disk yet: nobody's content is lost by writing it anew, and the plan does so only if the record names it.
 */
function foreignOrDamaged(text: string): ObservedObject {
  const isEmpty = /^[\0\s]*$/.test(text);
  return isEmpty || text.includes(`${LABELS.managedBy}: ${MANAGED_BY}`) ? DAMAGED : { state: 'foreign' };
}

function isOurs(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { metadata } = value as Partial<KubeObject>;
  return metadata?.labels?.[LABELS.managedBy] === MANAGED_BY;
}
