import { RESOURCE_KINDS, type ResourceKind } from '@isthmus/domain';
import { ORGANIZATION_ONLY, OTHER_PERMISSIONS, VERBS, type OtherPermission, type Permission } from './permissions.js';
import { BUILT_IN_ROLE_NAMES, BUILT_IN_ROLES, type BuiltInRole } from './roles.js';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const has = (role: BuiltInRole, permission: Permission): boolean => BUILT_IN_ROLES[role].permissions.has(permission);

/** Like `rwd`: what a role may do with a kind; `-` for nothing. */
function verbsOf(role: BuiltInRole, kind: ResourceKind): string {
  return VERBS.map((verb) => (has(role, `${kind}.${verb}`) ? verb.charAt(0) : '')).join('') || '-';
}

function otherRow([permission, what]: [OtherPermission, string]): string[] {
  const where = ORGANIZATION_ONLY.has(permission) ? ' Only with the whole organization.' : '';
  return [
    `\`${permission}\``,
    what + where,
    ...BUILT_IN_ROLE_NAMES.map((role) => (has(role, permission) ? 'yes' : '-')),
  ];
}

/** The tables of docs/roles.md: the same data that decides. */
export function roleTables(): string {
  const others = Object.entries(OTHER_PERMISSIONS) as [OtherPermission, string][];
  return [
    '## Roles',
    table(
      ['role', 'for'],
      BUILT_IN_ROLE_NAMES.map((role) => [role, BUILT_IN_ROLES[role].description]),
    ),
    '## Resources',
    'r reads, w makes and changes, d deletes. Each is a permission of its own, like `TrafficPolicy.write`.',
    table(
      ['kind', ...BUILT_IN_ROLE_NAMES],
      RESOURCE_KINDS.map((kind) => [kind, ...BUILT_IN_ROLE_NAMES.map((role) => verbsOf(role, kind))]),
    ),
    '## Everything else',
    table(['permission', 'lets one', ...BUILT_IN_ROLE_NAMES], others.map(otherRow)),
  ].join('\n\n');
}
