/** What a caller may do. Every root field of the schema names exactly one; services check it again. */
export const PERMISSIONS = [
  'viewer.read',
  'resources.read',
  'resources.write',
  'inventory.read',
  'audit.read',
  'agents.write',
  'holds.approve',
  'tokens.manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The roles of API tokens, from least to most. */
export const ROLES = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const READS: readonly Permission[] = ['viewer.read', 'resources.read', 'inventory.read'];

/** The one table of rights: what is not listed is refused. */
const RIGHTS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(READS),
  editor: new Set<Permission>([...READS, 'resources.write', 'audit.read']),
  admin: new Set(PERMISSIONS),
};

const NOTHING: ReadonlySet<Permission> = new Set();

/** True if the text is a role of this release; a token of a newer release may carry another. */
export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** The rights of a role; none for a role that this release does not know. */
export function rightsOf(role: string): ReadonlySet<Permission> {
  return isRole(role) ? RIGHTS[role] : NOTHING;
}
