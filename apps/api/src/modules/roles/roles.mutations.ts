import type { ScopeRef } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import { partsOfId } from '../../graphql/node-id.js';
import { failure, isFailure } from '../results/failure.js';
import { defineResult } from '../results/result.type.js';
import { AccessRole, RoleBinding, ScopeKindEnum } from './role.type.js';
import { SubjectKindEnum } from './role-subject.type.js';
import { roleModelOf } from './roles.queries.js';

const GrantRoleResult = defineResult('GrantRole', RoleBinding);
const RevokeRoleResult = defineResult('RevokeRole', RoleBinding);
const PutCustomRoleResult = defineResult('PutCustomRole', AccessRole);
const DeleteCustomRoleResult = defineResult('DeleteCustomRole', AccessRole);

const AccessScopeInput = builder.inputType('AccessScopeInput', {
  description: 'A part of the organization.',
  fields: (t) => ({
    kind: t.field({ type: ScopeKindEnum, required: true, description: 'What it is.' }),
    name: t.string({
      description: 'Project, project/name of a global namespace, or cluster group; nothing for the organization.',
    }),
  }),
});

const GrantRoleInput = builder.inputType('GrantRoleInput', {
  description: 'A role to grant. The same grant again only changes until when it holds.',
  fields: (t) => ({
    subjectKind: t.field({ type: SubjectKindEnum, required: true, description: 'Whom it is granted to.' }),
    subject: t.string({ required: true, description: 'Id of a user, service account or token; name of a group.' }),
    role: t.string({ required: true, description: 'Name of the role.' }),
    scope: t.field({ type: AccessScopeInput, required: true, description: 'Where.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'Until when; not given: for good.' }),
  }),
});

const RevokeRoleInput = builder.inputType('RevokeRoleInput', {
  description: 'A grant to take back.',
  fields: (t) => ({ bindingId: t.id({ required: true, description: 'Id of the grant.' }) }),
});

const CustomRoleInput = builder.inputType('PutCustomRoleInput', {
  description: 'A custom role as a whole.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Letters, digits and hyphens; no name of a built-in role.' }),
    description: t.string({ description: 'What it is for.' }),
    permissions: t.stringList({ required: true, description: 'What it gives; at most what the caller holds.' }),
  }),
});

const DeleteCustomRoleInput = builder.inputType('DeleteCustomRoleInput', {
  description: 'A custom role to delete.',
  fields: (t) => ({ name: t.string({ required: true, description: 'Its name.' }) }),
});

const scopeOf = ({ kind, name }: typeof AccessScopeInput.$inferInput): ScopeRef => ({ kind, name: name ?? '' });

/** Tokens are shown by their global id, and grants by the key in it. */
function subjectId({ subjectKind, subject }: typeof GrantRoleInput.$inferInput): string {
  return subjectKind === 'TOKEN' ? (partsOfId('ApiToken', subject)?.[0] ?? subject) : subject;
}

builder.mutationFields((t) => ({
  grantRole: t.field({
    type: GrantRoleResult,
    description: 'Grants a role. Nobody grants what he does not hold there himself.',
    args: { input: t.arg({ type: GrantRoleInput, required: true, description: 'The grant.' }) },
    ...needs('roles.manage'),
    resolve: (_root, { input }, context) =>
      context.services.roles.grant(callerOf(context), {
        subject: { kind: input.subjectKind, id: subjectId(input) },
        role: input.role,
        scope: scopeOf(input.scope),
        expiresAt: input.expiresAt ?? undefined,
      }),
  }),
  revokeRole: t.field({
    type: RevokeRoleResult,
    description: 'Takes a grant back at once. The last Owner stays.',
    args: { input: t.arg({ type: RevokeRoleInput, required: true, description: 'The grant.' }) },
    ...needs('roles.manage'),
    resolve: (_root, { input }, context) => {
      const [id] = partsOfId('RoleBinding', input.bindingId) ?? [];
      if (id === undefined) return failure('NOT_FOUND', 'bindingId is no id of a grant');
      return context.services.roles.revoke(callerOf(context), id);
    },
  }),
  putCustomRole: t.field({
    type: PutCustomRoleResult,
    description: 'Makes or replaces a custom role; what it gives counts at once for everybody who holds it.',
    args: { input: t.arg({ type: CustomRoleInput, required: true, description: 'The role.' }) },
    ...needs('roles.manage'),
    resolve: async (_root, { input }, context) => {
      const { name, permissions } = input;
      const description = input.description ?? '';
      const role = await context.services.roles.putRole(callerOf(context), { name, description, permissions });
      return isFailure(role) ? role : roleModelOf(role);
    },
  }),
  deleteCustomRole: t.field({
    type: DeleteCustomRoleResult,
    description: 'Deletes a custom role that nobody holds.',
    args: { input: t.arg({ type: DeleteCustomRoleInput, required: true, description: 'The role.' }) },
    ...needs('roles.manage'),
    resolve: async (_root, { input }, context) => {
      const role = await context.services.roles.deleteRole(callerOf(context), input.name);
      return isFailure(role) ? role : roleModelOf(role);
    },
  }),
}));
