import { isPolicyKind } from '@isthmus/domain';
import { NOTHING_HIDDEN, type Secrecy } from './secrecy.js';

/** What stands for the name of a policy that takes effect here and is kept where the viewer may not read. */
export const HIDDEN = '(not yours to read)';

/** The value with every policy that is named in it and not the viewer's to read as its kind alone. What the policy says stays: it holds. */
export function withoutHiddenPolicies<T>(value: T, secrecy: Secrecy): T {
  return secrecy === NOTHING_HIDDEN ? value : (hide(value, secrecy) as T);
}

function hide(value: unknown, secrecy: Secrecy): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => hide(one, secrecy));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hide(one, secrecy)]));
  return isHiddenPolicy(value, secrecy) ? { ...fields, project: HIDDEN, name: HIDDEN } : fields;
}

function isHiddenPolicy(value: object, { knows }: Secrecy): boolean {
  const { kind, project, name } = value as Partial<Record<'kind' | 'project' | 'name', unknown>>;
  if (typeof kind !== 'string' || typeof project !== 'string' || typeof name !== 'string') return false;
  return isPolicyKind(kind) && !knows({ kind, project, name });
}
