import type { Selector } from '@isthmus/domain';

/** Whom a role is granted to. */
export const SUBJECT_KINDS = ['USER', 'GROUP', 'SERVICE_ACCOUNT', 'TOKEN'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** What a role is granted on. */
export const SCOPE_KINDS = ['ORGANIZATION', 'PROJECT', 'GLOBAL_NAMESPACE', 'CLUSTER_GROUP'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

export interface SubjectRef {
  kind: SubjectKind;
  /** Id of a user, service account or token; name of a group. */
  id: string;
}

/** A part of the organization: `name` is empty for ORGANIZATION, else a project, project/name of a global namespace, or a cluster group. */
export interface ScopeRef {
  kind: ScopeKind;
  name: string;
}

export interface RoleBinding {
  id: string;
  subject: SubjectRef;
  /** A built-in role or a custom one; one that nobody knows gives nothing. */
  role: string;
  scope: ScopeRef;
  expiresAt: Date | undefined;
  createdAt: Date;
  createdBy: string;
}

export type NewRoleBinding = Pick<RoleBinding, 'subject' | 'role' | 'scope' | 'expiresAt' | 'createdBy'>;

export interface CustomRole {
  name: string;
  description: string;
  permissions: string[];
  updatedAt: Date;
}

/** What the rights of one subject are made of, read at once. */
export interface SubjectAccess {
  /** In force now: of the subject itself and of its groups. */
  bindings: RoleBinding[];
  customRoles: CustomRole[];
  /** Which clusters the groups choose that bindings are scoped to; a group that does not exist is left out. */
  clusterGroups: { name: string; clusters: Selector }[];
}

export interface RoleBindingRepository {
  /** Everything that decides what a subject may do; `groups` are the groups that it is in. */
  accessOf(subject: SubjectRef, groups: readonly string[]): Promise<SubjectAccess>;
  /** All of them, expired ones included, by id. */
  list(): Promise<RoleBinding[]>;
  get(id: string): Promise<RoleBinding | undefined>;
  /** The same grant again changes its expiry. */
  put(binding: NewRoleBinding): Promise<{ outcome: 'created' | 'changed' | 'unchanged'; record: RoleBinding }>;
  remove(id: string): Promise<boolean>;
  /** Removes what is granted on something that is gone; answers what it was. */
  removeScope(scope: ScopeRef): Promise<RoleBinding[]>;
}

export interface CustomRoleRepository {
  list(): Promise<CustomRole[]>;
  get(name: string): Promise<CustomRole | undefined>;
  put(role: Omit<CustomRole, 'updatedAt'>): Promise<CustomRole>;
  remove(name: string): Promise<boolean>;
}
