import { RESOURCE_KINDS, type ResourceKind } from '@isthmus/domain';

/** What can be done to resources of a kind; `write` makes and changes them. */
export const VERBS = ['read', 'write', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

/** One for each kind of resource and verb, so that a new kind has its own from the start. */
export type KindPermission = `${ResourceKind}.${Verb}`;

/** What is no matter of resources alone, with what it lets one do. */
export const OTHER_PERMISSIONS = {
  'viewer.read': 'See who one is, what one may do, and the organization by name.',
  'inventory.read': 'See what agents found in clusters: namespaces, services, gateways.',
  'agents.write': 'Enrol, revoke, reset and quarantine agents of clusters; let clusters leave, evict or abandon them.',
  'holds.approve': 'Let deletions happen that are held because they are many.',
  'audit.read': 'Read the audit log; its seals with the whole organization only.',
  'roles.read': 'See who holds which role, and custom roles.',
  'roles.manage': 'Grant and revoke roles, at most those that one holds; make custom roles.',
  'tokens.manage': 'Make, list and revoke API tokens and service accounts.',
  'sessions.manage': 'List and end sessions of others.',
  'identity.manage': 'Set up sign-in: identity providers and local accounts.',
  'breakGlass.manage': 'Lock the local administrator for emergencies, and end its sessions.',
} as const satisfies Record<string, string>;

/** What concerns the whole organization whatever it is granted on: there it has no effect anywhere else. */
export const ORGANIZATION_ONLY: ReadonlySet<Permission> = new Set<Permission>([
  'tokens.manage',
  'sessions.manage',
  'identity.manage',
  'breakGlass.manage',
  'ClusterGroup.write',
  'ClusterGroup.delete',
  'Project.delete',
]);

export type OtherPermission = keyof typeof OTHER_PERMISSIONS;
export type Permission = KindPermission | OtherPermission;

const kindPermissions = RESOURCE_KINDS.flatMap((kind) => VERBS.map((verb): KindPermission => `${kind}.${verb}`));

/** Everything that can be granted, in the order in which it is shown. */
export const PERMISSIONS: readonly Permission[] = [
  ...(Object.keys(OTHER_PERMISSIONS) as OtherPermission[]),
  ...kindPermissions,
];

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS);

/** True if the text is a permission of this release; a role of a newer one may hold others. */
export function isPermission(text: string): text is Permission {
  return KNOWN.has(text);
}

/** One of the permissions of a verb, whatever the kind: for what is not about one kind. */
export const ANY_KIND = ['resources.read', 'resources.write', 'resources.delete'] as const;

/** What an operation asks for. Every root field of the schema names one; services check it again, with its place. */
export type Need = Permission | (typeof ANY_KIND)[number];

const VERB_OF: Readonly<Record<(typeof ANY_KIND)[number], Verb>> = {
  'resources.read': 'read',
  'resources.write': 'write',
  'resources.delete': 'delete',
};

/** The permissions of which one is enough. */
export function permissionsFor(need: Need): readonly Permission[] {
  if (!isAnyKind(need)) return [need];
  const verb = VERB_OF[need];
  return RESOURCE_KINDS.map((kind): KindPermission => `${kind}.${verb}`);
}

/** True if the text is something that an operation can ask for. */
export function isNeed(text: unknown): text is Need {
  return typeof text === 'string' && (isPermission(text) || isAnyKind(text));
}

function isAnyKind(text: string): text is (typeof ANY_KIND)[number] {
  return (ANY_KIND as readonly string[]).includes(text);
}
