import { GraphQLError } from 'graphql';
import type { AuditInfo } from '@isthmus/store';
import type { Permission } from './permissions.js';

/** Who calls, in which organization, with which rights. Made from the token of the connection, never from its content. */
export interface Viewer {
  org: string;
  /** As audit rows name it: `token:<id>`. */
  actor: string;
  tokenId: string;
  tokenName: string;
  role: string;
  permissions: ReadonlySet<Permission>;
  requestId: string;
  ip: string;
}

/** No or no valid token. */
export function unauthenticated(message = 'A valid API token is required: Authorization: Bearer isth_…'): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
}

/** A valid token whose role lacks the permission. */
export function forbidden(permission: Permission): GraphQLError {
  return new GraphQLError(`This token lacks the permission ${permission}`, {
    extensions: { code: 'FORBIDDEN', permission },
  });
}

/** The viewer, if it holds the permission; throws UNAUTHENTICATED or FORBIDDEN otherwise. */
export function authorize(viewer: Viewer | undefined, permission: Permission): Viewer {
  if (viewer === undefined) throw unauthenticated();
  if (!viewer.permissions.has(permission)) throw forbidden(permission);
  return viewer;
}

/** The audit row's who, how and from where. */
export function auditOf(viewer: Viewer, action: string): AuditInfo {
  const { actor, requestId, tokenId, ip } = viewer;
  return { actor, action, requestId, tokenId, ip };
}
