import type { ScopeRef } from '@isthmus/store';
import type { Permission } from './permissions.js';
import { placeOfScope } from './places.js';
import { lackingOf } from './rights.js';
import { forbidden, type Viewer } from './viewer.js';

/** The whole organization as a scope. */
export const WHOLE: ScopeRef = { kind: 'ORGANIZATION', name: '' };

/** Throws FORBIDDEN, with the first permission that the viewer lacks at the scope: nobody gives what he does not have. */
export function requireHeld({ rights }: Viewer, permissions: Iterable<Permission>, scope: ScopeRef): void {
  const [lacking] = lackingOf(rights, permissions, scope);
  if (lacking !== undefined) throw forbidden(lacking, placeOfScope(scope));
}
