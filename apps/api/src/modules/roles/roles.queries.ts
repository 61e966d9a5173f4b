import type { CustomRole } from '@isthmus/store';
import { PERMISSIONS } from '../../auth/permissions.js';
import { permissionsOfRole } from '../../auth/rights.js';
import { BUILT_IN_ROLE_NAMES, BUILT_IN_ROLES } from '../../auth/roles.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { pageArgs, pageOf } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { AccessRole, RoleBindingConnection, type RoleModel } from './role.type.js';

const BUILT_IN = BUILT_IN_ROLE_NAMES.map((name): RoleModel => {
  const { description, permissions } = BUILT_IN_ROLES[name];
  return { name, isBuiltIn: true, description, permissions: PERMISSIONS.filter((one) => permissions.has(one)) };
});

/** A custom role as it counts: what this release does not know gives nothing. */
export function roleModelOf(role: CustomRole): RoleModel {
  const { name, description } = role;
  return { name, isBuiltIn: false, description, permissions: [...permissionsOfRole(name, [role])] };
}

builder.queryFields((t) => ({
  roles: t.field({
    type: [AccessRole],
    description: 'Built-in roles from most to least, then custom ones by name.',
    ...needs('roles.read'),
    resolve: async (_root, _args, context) => [
      ...BUILT_IN,
      ...(await context.services.roles.customRoles(callerOf(context))).map(roleModelOf),
    ],
  }),
  roleBindings: t.field({
    type: RoleBindingConnection,
    description: 'Who holds which role where, as far as the caller may see it; expired grants included.',
    args: {
      ...pageArgs(t.arg),
      subject: t.arg.string({ description: 'Only of the subject with this id or name.' }),
    },
    ...needs('roles.read'),
    resolve: async (_root, { subject, ...args }, context) => {
      const all = await context.services.roles.bindings(callerOf(context));
      const wanted = subject ? all.filter((one) => one.subject.id === subject) : all;
      return pageOf(wanted, ({ id }) => id, args);
    },
  }),
}));
