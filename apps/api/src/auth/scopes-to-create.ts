import { isPolicyKind, isProjectScoped, type Policy, type PolicyKind, type ResourceKind } from '@isthmus/domain';
import type { ScopeRef } from '@isthmus/store';
import { ORGANIZATION_ONLY, type Permission } from './permissions.js';
import { isKeptForAll, placeOfScope } from './places.js';
import { WHOLE } from './require-held.js';
import type { Rights } from './rights.js';

type SpecOf<K extends PolicyKind> = Extract<Policy, { kind: K }>['spec'];

/** Which policies name the global namespaces that they are about; others are groups and sites that policies name. */
const NAMES_TARGETS: { readonly [K in PolicyKind]: 'targets' extends keyof SpecOf<K> ? true : false } = {
  AccessPolicy: true,
  AuthenticationPolicy: true,
  DataGroup: false,
  EgressPolicy: true,
  EncryptionPolicy: true,
  ExternalService: true,
  FailoverPolicy: true,
  PublicService: true,
  ServiceGroup: false,
  SloPolicy: true,
  TelemetryPolicy: true,
  TrafficPolicy: true,
  UserGroup: false,
  WorkloadSite: false,
};

/** True if something new of the kind can be in the scope. Clusters come into groups by their labels, which are for the whole organization. */
function canBeMadeIn(kind: ResourceKind, scope: ScopeRef): boolean {
  switch (scope.kind) {
    case 'ORGANIZATION':
      return true;
    case 'PROJECT':
      return isProjectScoped(kind) && !isKeptForAll({ kind, project: scope.name });
    case 'GLOBAL_NAMESPACE':
      return isPolicyKind(kind) && NAMES_TARGETS[kind];
    case 'CLUSTER_GROUP':
      return false;
  }
}

/** Scopes where one may make a resource of the kind and holds `more` as well; the organization alone, if it is one of them. */
export function scopesToCreate(rights: Rights, kind: ResourceKind, more: readonly Permission[] = []): ScopeRef[] {
  const needed: Permission[] = [`${kind}.write`, ...more];
  if (needed.every((permission) => rights.everywhere(permission))) return [WHOLE];
  if (needed.some((permission) => ORGANIZATION_ONLY.has(permission) && !rights.everywhere(permission))) return [];
  const scopes = new Map(rights.grants.map(({ scope }) => [`${scope.kind} ${scope.name}`, scope]));
  return [...scopes.values()].filter(
    (scope) =>
      canBeMadeIn(kind, scope) &&
      needed.every((permission) => rights.everywhere(permission) || rights.may(permission, placeOfScope(scope))),
  );
}
