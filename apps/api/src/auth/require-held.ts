import type { ScopeRef } from '@isthmus/store';
import type { Permission } from './permissions.js';
import { placeOfScope } from './places.js';
import { heldUntil, lackingOf } from './rights.js';
import { forbidden, type Viewer } from './viewer.js';

/** The whole organization as a scope. */
export const WHOLE: ScopeRef = { kind: 'ORGANIZATION', name: '' };

/** Throws FORBIDDEN, with the first permission that the viewer lacks at the scope: nobody gives what he does not have. */
export function requireHeld({ rights }: Viewer, permissions: Iterable<Permission>, scope: ScopeRef): void {
  const [lacking] = lackingOf(rights, permissions, scope);
  if (lacking !== undefined) throw forbidden(lacking, placeOfScope(scope));
}

/** When the viewer holds the permissions at the scope no longer, if what is given (until a time, or for good) would outlast that. */
export function outlastedEnd(
  { rights }: Viewer,
  permissions: Iterable<Permission>,
  { scope, until }: { scope: ScopeRef; until: Date | undefined },
): Date | undefined {
  const end = heldUntil(rights, permissions, scope);
  return end !== undefined && (until === undefined || until > end) ? end : undefined;
}
