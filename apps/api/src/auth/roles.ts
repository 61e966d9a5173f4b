import { RESOURCE_KINDS, type ResourceKind } from '@isthmus/domain';
import { PERMISSIONS, VERBS, type KindPermission, type Permission, type Verb } from './permissions.js';

/** Whose matter a kind of resource is: total, so that a new kind does not compile without a decision. */
const MATTER: Readonly<Record<ResourceKind, 'fleet' | 'space' | 'traffic' | 'security'>> = {
  Cluster: 'fleet',
  ClusterGroup: 'fleet',
  WorkloadSite: 'fleet',
  Project: 'space',
  GlobalNamespace: 'space',
  TrafficPolicy: 'traffic',
  FailoverPolicy: 'traffic',
  SloPolicy: 'traffic',
  ServiceGroup: 'traffic',
  ExternalService: 'traffic',
  PublicService: 'traffic',
  TelemetryPolicy: 'traffic',
  EncryptionPolicy: 'security',
  AccessPolicy: 'security',
  AuthenticationPolicy: 'security',
  UserGroup: 'security',
  EgressPolicy: 'security',
  DataGroup: 'security',
};

type Matter = (typeof MATTER)[ResourceKind];

function of(matters: readonly Matter[], verbs: readonly Verb[] = VERBS): KindPermission[] {
  const kinds = RESOURCE_KINDS.filter((kind) => matters.includes(MATTER[kind]));
  return kinds.flatMap((kind) => verbs.map((verb): KindPermission => `${kind}.${verb}`));
}

const ALL_MATTERS: readonly Matter[] = ['fleet', 'space', 'traffic', 'security'];
const READS: readonly Permission[] = ['viewer.read', 'inventory.read', ...of(ALL_MATTERS, ['read'])];

export interface RoleDefinition {
  description: string;
  permissions: ReadonlySet<Permission>;
}

export type BuiltInRole = 'Owner' | 'Admin' | 'Security' | 'Operator' | 'Editor' | 'Developer' | 'Auditor' | 'Viewer';

/** Roles that every organization has, from most to least. What a role does not list is refused. */
export const BUILT_IN_ROLES: Readonly<Record<BuiltInRole, RoleDefinition>> = {
  Owner: {
    description: 'Everything, the emergency administrator included. The last Owner cannot be removed.',
    permissions: new Set(PERMISSIONS),
  },
  Admin: {
    description: 'Everything but the emergency administrator, and so not what only an Owner may grant.',
    permissions: new Set(PERMISSIONS.filter((permission) => permission !== 'breakGlass.manage')),
  },
  Security: {
    description: 'Encryption, access, authentication and egress; who holds what, sessions and the audit log.',
    permissions: new Set<Permission>([...READS, ...of(['security']), 'audit.read', 'roles.read', 'sessions.manage']),
  },
  Operator: {
    description: 'Clusters, their agents and groups, traffic and objectives; approves held deletions.',
    permissions: new Set<Permission>([
      ...READS,
      ...of(['fleet', 'traffic']),
      'agents.write',
      'holds.approve',
      'audit.read',
    ]),
  },
  Editor: {
    description: 'Every resource and the audit log, but neither agents nor held deletions nor people.',
    permissions: new Set<Permission>([...READS, ...of(ALL_MATTERS), 'audit.read']),
  },
  Developer: {
    description: 'Global namespaces, traffic, objectives and services outside; reads everything else.',
    permissions: new Set<Permission>([...READS, ...of(['traffic']), 'GlobalNamespace.write']),
  },
  Auditor: {
    description: 'Reads everything, the audit log and who holds what included.',
    permissions: new Set<Permission>([...READS, 'audit.read', 'roles.read']),
  },
  Viewer: {
    description: 'Reads resources, their state and inventory.',
    permissions: new Set(READS),
  },
};

export const BUILT_IN_ROLE_NAMES = Object.keys(BUILT_IN_ROLES) as BuiltInRole[];

/** The roles that API tokens of the first releases carry, by what they are called now. */
const OF_TOKENS: Readonly<Record<TokenRole, BuiltInRole>> = { viewer: 'Viewer', editor: 'Editor', admin: 'Owner' };

export const TOKEN_ROLES = ['viewer', 'editor', 'admin'] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

/** The role that the word on an API token means; the word itself if it is none of the first releases'. */
export function roleOfToken(word: string): string {
  return (TOKEN_ROLES as readonly string[]).includes(word) ? OF_TOKENS[word as TokenRole] : word;
}

/** True if the name is, in whatever case, that of a built-in role or the word of a token: no custom role may have it. */
export function isReservedName(name: string): boolean {
  const lower = name.toLowerCase();
  return [...BUILT_IN_ROLE_NAMES, ...TOKEN_ROLES].some((reserved) => reserved.toLowerCase() === lower);
}

/** The built-in role of exactly this name. */
export function builtInRole(name: string): RoleDefinition | undefined {
  return Object.hasOwn(BUILT_IN_ROLES, name) ? BUILT_IN_ROLES[name as BuiltInRole] : undefined;
}
