import { GraphQLError } from 'graphql';
import type { AccountRecord, AuditInfo, ResourceRecord } from '@isthmus/store';
import type { KindPermission, Need, Verb } from './permissions.js';
import { placesOf, placesOfChange, placeText, type Place, type Placed } from './places.js';
import type { Rights, Subject } from './rights.js';

/** Who calls, in which organization, with which rights. Made from the credentials of the connection, never from its content. */
export interface Viewer {
  org: string;
  /** As audit rows name it: `token:<id>` or `user:<id>`. */
  actor: string;
  subject: Subject;
  rights: Rights;
  /** Undefined for sessions. */
  tokenId: string | undefined;
  /** Empty for sessions. */
  tokenName: string;
  /** Undefined for tokens. */
  sessionId: string | undefined;
  /** The person, of sessions and personal tokens. */
  account: AccountRecord | undefined;
  /** As the token says it; of sessions, all roles that the person has somewhere. */
  role: string;
  requestId: string;
  ip: string;
}

/** No or no valid token. */
export function unauthenticated(
  message = 'A valid API token or session is required: Authorization: Bearer isth_…',
): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
}

/** A caller who lacks the permission, at the place where it is needed. */
export function forbidden(permission: Need, place?: Place): GraphQLError {
  const scope = place === undefined ? undefined : placeText(place);
  const message = `You lack the permission ${permission}${scope === undefined ? '' : ` on ${scope}`}`;
  return new GraphQLError(message, {
    extensions: { code: 'FORBIDDEN', permission, ...(scope === undefined ? {} : { scope }) },
  });
}

/** The viewer, if it holds the permission at some place; throws UNAUTHENTICATED or FORBIDDEN otherwise. Services ask for the place too. */
export function authorize(viewer: Viewer | undefined, need: Need): Viewer {
  if (viewer === undefined) throw unauthenticated();
  if (!viewer.rights.somewhere(need)) throw forbidden(need);
  return viewer;
}

/** The viewer, if it holds the permission at each of the places; throws FORBIDDEN with the first where it does not. */
export function authorizeAt(viewer: Viewer, need: Need, ...places: readonly Place[]): Viewer {
  const lacking = places.find((place) => !viewer.rights.may(need, place));
  if (lacking !== undefined || places.length === 0) throw forbidden(need, lacking);
  return viewer;
}

const permissionOn = ({ kind }: Placed, verb: Verb): KindPermission => `${kind}.${verb}`;

/** True if the rights let one read the resource. */
export function mayRead({ rights }: Pick<Viewer, 'rights'>, resource: Placed): boolean {
  return rights.may(permissionOn(resource, 'read'), ...placesOf(resource));
}

/** True if the rights let one change or delete the resource as it is. */
export function mayChange({ rights }: Pick<Viewer, 'rights'>, resource: Placed, verb: 'write' | 'delete'): boolean {
  return rights.may(permissionOn(resource, verb), ...placesOfChange(resource));
}

/** Throws FORBIDDEN, with the place, unless the viewer may change or delete the resource as it is. */
export function authorizeChange(viewer: Viewer, resource: Placed, verb: 'write' | 'delete'): void {
  authorizeAt(viewer, permissionOn(resource, verb), ...placesOfChange(resource));
}

/** Where a cluster's agent is. */
export function clusterPlace({ name, labels }: Pick<ResourceRecord, 'name' | 'labels'>): Place {
  return { kind: 'CLUSTER', name, labels };
}

/** The audit row's who, how and from where. */
export function auditOf(viewer: Viewer, action: string): AuditInfo {
  const { actor, requestId, tokenId, ip } = viewer;
  return { actor, action, requestId, ip, ...(tokenId === undefined ? {} : { tokenId }) };
}
