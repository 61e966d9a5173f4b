import type { ServiceAccountRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { pageArgs, pageOf } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { Actor, actorOf } from '../actors/actor.type.js';
import { defineResult } from '../results/result.type.js';
import { RoleBindingConnection } from '../roles/role.type.js';
import { ApiToken, CreateApiTokenResult } from '../tokens/token.type.js';

const ServiceAccount = builder.objectRef<ServiceAccountRecord>('ServiceAccount').implement({
  description:
    'A program that calls in its own name, by tokens of its own. What it may do is granted to it, as to people.',
  ...needs('tokens.manage'),
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Id, as roles are granted to it.' }),
    name: t.exposeString('name', { description: 'Name, the only one of its kind.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    createdBy: t.exposeString('createdBy', { description: 'Who made it, as audit rows name it.' }),
    by: t.field({
      type: Actor,
      description: 'Who that is.',
      resolve: ({ createdBy }, _args, context) => actorOf(createdBy, context),
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when its tokens count for nothing; null: they count.',
    }),
    tokens: t.field({
      type: [ApiToken],
      description: 'Its tokens, revoked ones included.',
      resolve: ({ id }, _args, context) =>
        context.services.serviceAccounts.tokens(callerOf(context), id, context.loaders),
    }),
    roleBindings: t.field({
      type: RoleBindingConnection,
      description: 'What is granted to it, as far as the caller may see it; expired grants included.',
      args: pageArgs(t.arg),
      ...needs('roles.read'),
      resolve: async ({ id }, args, context) => {
        const all = await context.services.roles.bindings(callerOf(context));
        const own = all.filter(({ subject }) => subject.kind === 'SERVICE_ACCOUNT' && subject.id === id);
        return pageOf(own, (one) => one.id, args);
      },
    }),
  }),
});

const CreateServiceAccountResult = defineResult('CreateServiceAccount', ServiceAccount);
const ChangeServiceAccountResult = defineResult('ChangeServiceAccount', ServiceAccount);

const CreateServiceAccountInput = builder.inputType('CreateServiceAccountInput', {
  description: 'A service account to make.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 63 lower-case letters, digits and hyphens.' }),
    description: t.string({ defaultValue: '', description: 'What it is for.' }),
  }),
});

const CreateServiceAccountTokenInput = builder.inputType('CreateServiceAccountTokenInput', {
  description: 'A token of a service account.',
  fields: (t) => ({
    serviceAccountId: t.string({ required: true, description: 'Id of the account.' }),
    name: t.string({ required: true, description: 'What it is for.' }),
    role: t.string({
      required: true,
      description:
        'Name of a role: what it may do at most. It never has more than the account has, and its maker must hold all of it.',
    }),
    project: t.string({ description: 'Its role counts in this project alone.' }),
    globalNamespace: t.string({
      description: 'Its role counts in this global namespace alone, of the project or of `default`.',
    }),
    expiresInDays: t.int({ description: '1 to 366; 90 where nothing is said.' }),
  }),
});

builder.queryFields((t) => ({
  serviceAccounts: t.field({
    type: [ServiceAccount],
    description: 'Service accounts by name.',
    ...needs('tokens.manage'),
    resolve: (_root, _args, context) => context.services.serviceAccounts.list(callerOf(context)),
  }),
  serviceAccount: t.field({
    type: ServiceAccount,
    nullable: true,
    description: 'The service account of a name; null if there is none.',
    args: { name: t.arg.string({ required: true, description: 'Its name.' }) },
    ...needs('tokens.manage'),
    resolve: (_root, { name }, context) => context.services.serviceAccounts.named(callerOf(context), name),
  }),
}));

builder.mutationFields((t) => ({
  createServiceAccount: t.field({
    type: CreateServiceAccountResult,
    description: 'Makes a service account, without a role at first.',
    args: { input: t.arg({ type: CreateServiceAccountInput, required: true, description: 'The account to make.' }) },
    ...needs('tokens.manage'),
    resolve: (_root, { input: { name, description } }, context) =>
      context.services.serviceAccounts.create(callerOf(context), { name, description: description ?? '' }),
  }),
  createServiceAccountToken: t.field({
    type: CreateApiTokenResult,
    description: 'Makes a token of a service account.',
    args: {
      input: t.arg({ type: CreateServiceAccountTokenInput, required: true, description: 'The token to make.' }),
    },
    ...needs('tokens.manage'),
    resolve: (_root, { input }, context) =>
      context.services.serviceAccounts.createToken(callerOf(context), {
        account: input.serviceAccountId,
        name: input.name,
        role: input.role,
        project: input.project ?? undefined,
        globalNamespace: input.globalNamespace ?? undefined,
        days: input.expiresInDays ?? undefined,
      }),
  }),
  disableServiceAccount: t.field({
    type: ChangeServiceAccountResult,
    description: 'Its tokens count for nothing, at once; open streams of them are cut.',
    args: { id: t.arg.string({ required: true, description: 'Id of the account.' }) },
    ...needs('tokens.manage'),
    resolve: (_root, { id }, context) => context.services.serviceAccounts.setDisabled(callerOf(context), id, true),
  }),
  enableServiceAccount: t.field({
    type: ChangeServiceAccountResult,
    description: 'Its tokens count again.',
    args: { id: t.arg.string({ required: true, description: 'Id of the account.' }) },
    ...needs('tokens.manage'),
    resolve: (_root, { id }, context) => context.services.serviceAccounts.setDisabled(callerOf(context), id, false),
  }),
  deleteServiceAccount: t.field({
    type: ChangeServiceAccountResult,
    description: 'Deletes a service account: its tokens are revoked, and what was granted to it is taken back.',
    args: { id: t.arg.string({ required: true, description: 'Id of the account.' }) },
    ...needs('tokens.manage'),
    resolve: (_root, { id }, context) => context.services.serviceAccounts.remove(callerOf(context), id),
  }),
}));
