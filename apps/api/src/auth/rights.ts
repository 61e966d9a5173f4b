import type { ScopeRef, SubjectAccess, SubjectRef, TenantReads } from '@isthmus/store';
import { contains, placeOfScope, type GrantedScope, type Place } from './places.js';
import {
  isPermission,
  ORGANIZATION_ONLY,
  permissionsFor,
  PERMISSIONS,
  type Need,
  type Permission,
} from './permissions.js';
import { builtInRole } from './roles.js';

/** What a role gives somewhere. */
export interface Grant {
  role: string;
  scope: GrantedScope;
  permissions: ReadonlySet<Permission>;
  /** When what gives it ends by itself; undefined: it holds until it is taken back. */
  until?: Date | undefined;
}

/** What a caller may do, and where. A value: it changes with nothing but a new one. */
export interface Rights {
  readonly grants: readonly Grant[];
  /** True if the need is met at every one of the places; never for no place. */
  may: (need: Need, ...places: readonly Place[]) => boolean;
  /** True if the need is met at some place, wherever. */
  somewhere: (need: Need) => boolean;
  /** True if the permission is held on the whole organization. */
  everywhere: (permission: Permission) => boolean;
}

/** Rights of grants. One is as good as the other: nothing takes away what another gives. */
export function rightsOfGrants(grants: readonly Grant[]): Rights {
  const isMet = (need: Need, at: (scope: GrantedScope) => boolean): boolean => {
    const wanted = permissionsFor(need);
    return grants.some(({ scope, permissions }) => wanted.some((one) => permissions.has(one)) && at(scope));
  };
  return {
    grants,
    may: (need, ...places) =>
      places.length > 0 && places.every((place) => isMet(need, (scope) => contains(scope, place))),
    somewhere: (need) => isMet(need, () => true),
    everywhere: (permission) => isMet(permission, ({ kind }) => kind === 'ORGANIZATION'),
  };
}

export const NO_RIGHTS: Rights = rightsOfGrants([]);

type RoleSource = Pick<SubjectAccess['customRoles'][number], 'name' | 'permissions'>;

/** The permissions of a role by name; none of one that nobody knows. */
export function permissionsOfRole(name: string, customRoles: readonly RoleSource[]): ReadonlySet<Permission> {
  const builtIn = builtInRole(name);
  if (builtIn !== undefined) return builtIn.permissions;
  const custom = customRoles.find((role) => role.name === name);
  return new Set((custom?.permissions ?? []).filter(isPermission));
}

/** What bindings come to. A binding on a cluster group gives what its group chooses among `clusterGroups`. */
export function rightsOf(
  bindings: readonly { role: string; scope: ScopeRef; expiresAt?: Date | undefined }[],
  customRoles: readonly RoleSource[],
  clusterGroups: SubjectAccess['clusterGroups'] = [],
): Rights {
  const grants = bindings.map(({ role, scope, expiresAt: until }): Grant => {
    const group = scope.kind === 'CLUSTER_GROUP' ? clusterGroups.find(({ name }) => name === scope.name) : undefined;
    const granted = group === undefined ? scope : { ...scope, clusters: group.clusters };
    return { role, scope: granted, permissions: permissionsOfRole(role, customRoles), until };
  });
  return rightsOfGrants(grants.filter(({ permissions }) => permissions.size > 0));
}

/** Who asks, with the groups that it is in. */
export interface Subject extends SubjectRef {
  groups: readonly string[];
}

/** What a subject may do now, by what is granted to it and to its groups. */
export async function grantsFor(tx: Pick<TenantReads, 'roleBindings'>, subject: Subject): Promise<Rights> {
  return rightsOfAccess(await tx.roleBindings.accessOf(subject, subject.groups));
}

/** What is granted to a subject, as rights. */
export function rightsOfAccess({ bindings, customRoles, clusterGroups }: SubjectAccess): Rights {
  return rightsOf(bindings, customRoles, clusterGroups);
}

/** Both rights together. */
export function joined(...all: readonly Rights[]): Rights {
  return rightsOfGrants(all.flatMap(({ grants }) => grants));
}

/** What both rights give: for a token that may never do more than its owner. Two different cluster groups have nothing in common. */
export function narrowed(rights: Rights, by: Rights): Rights {
  const common = rights.grants.flatMap((one) =>
    by.grants.flatMap((other): Grant[] => {
      const scope = narrower(one.scope, other.scope);
      const permissions = new Set([...one.permissions].filter((permission) => other.permissions.has(permission)));
      const until = earliest(one.until, other.until);
      return scope === undefined || permissions.size === 0 ? [] : [{ role: one.role, scope, permissions, until }];
    }),
  );
  return rightsOfGrants(common);
}

function narrower(a: GrantedScope, b: GrantedScope): GrantedScope | undefined {
  if (contains(a, placeOfScope(b))) return b;
  return contains(b, placeOfScope(a)) ? a : undefined;
}

/** Permissions that are asked for at a scope and not held there: nobody grants what he lacks. */
export function lackingOf(rights: Rights, wanted: Iterable<Permission>, scope: ScopeRef): Permission[] {
  const place = placeOfScope(scope);
  return [...wanted].filter((permission) => !rights.may(permission, place));
}

/**
 * Until when all of the permissions are held at a scope; undefined: until they are taken back. Of several grants that give the same the
 * last one counts.
 */
export function heldUntil({ grants }: Rights, permissions: Iterable<Permission>, scope: ScopeRef): Date | undefined {
  const place = placeOfScope(scope);
  const ends = [...permissions].map((permission) => {
    const giving = grants.filter((grant) => grant.permissions.has(permission) && contains(grant.scope, place));
    const limits = giving.flatMap(({ until }) => until ?? []);
    return limits.length < giving.length ? undefined : new Date(Math.max(0, ...limits.map(Number)));
  });
  return earliest(...ends);
}

function earliest(...times: readonly (Date | undefined)[]): Date | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : new Date(Math.min(...known.map(Number)));
}

/** Permissions that are held on the whole organization, in the order in which they are shown. */
export function everywhereOf(rights: Rights): Permission[] {
  return PERMISSIONS.filter((permission) => rights.everywhere(permission));
}

/** Permissions that are held somewhere, in the order in which they are shown. What counts in the whole organization only counts if held there. */
export function somewhereOf(rights: Rights): Permission[] {
  return PERMISSIONS.filter((permission) =>
    ORGANIZATION_ONLY.has(permission) ? rights.everywhere(permission) : rights.somewhere(permission),
  );
}
