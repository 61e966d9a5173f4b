import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { partsOfId } from '../../graphql/node-id.js';
import { failure } from '../results/failure.js';
import { defineResult } from '../results/result.type.js';
import { ApiToken, CreateApiTokenResult } from './token.type.js';

const RoleEnum = builder.enumType('Role', {
  description: 'What a token may do.',
  values: {
    VIEWER: { value: 'viewer', description: 'Read everything but audit and tokens.' },
    EDITOR: { value: 'editor', description: 'Also read the audit log and change resources.' },
    ADMIN: { value: 'admin', description: 'Everything.' },
  } as const,
});

const ApiTokenConnection = defineConnection('ApiToken', ApiToken);

const RevokeApiTokenResult = defineResult('RevokeApiToken', ApiToken);

const CreateApiTokenInput = builder.inputType('CreateApiTokenInput', {
  description: 'A token to make.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for.' }),
    role: t.field({ type: RoleEnum, required: true, description: 'What it may do.' }),
    expiresInDays: t.int({ description: '1 to 366; 90 where nothing is said.' }),
  }),
});

const CreatePersonalTokenInput = builder.inputType('CreatePersonalTokenInput', {
  description: 'A token in one’s own name.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for.' }),
    role: t.string({
      required: true,
      description: 'Name of a role: what it may do at most. It never has more than its owner.',
    }),
    project: t.string({ description: 'Its role counts in this project alone.' }),
    expiresInDays: t.int({ description: '1 to 366; 90 where nothing is said.' }),
  }),
});

const RevokeApiTokenInput = builder.inputType('RevokeApiTokenInput', {
  description: 'A token to revoke.',
  fields: (t) => ({ tokenId: t.id({ required: true, description: 'Id of the token.' }) }),
});

builder.queryFields((t) => ({
  personalTokens: t.field({
    type: [ApiToken],
    description: 'Tokens in the caller’s own name, revoked ones included.',
    ...needs('viewer.read'),
    resolve: (_root, _args, context) => context.services.tokens.personal(callerOf(context)),
  }),
  apiTokens: t.field({
    type: ApiTokenConnection,
    description: 'API tokens, revoked ones included.',
    args: pageArgs(t.arg),
    ...needs('tokens.manage'),
    resolve: async (_root, args, context) => {
      const tokens = await context.services.tokens.list(callerOf(context));
      return pageOf(
        tokens.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        ({ id }) => id,
        args,
      );
    },
  }),
}));

builder.mutationFields((t) => ({
  createApiToken: t.field({
    type: CreateApiTokenResult,
    description: 'Makes an API token.',
    args: { input: t.arg({ type: CreateApiTokenInput, required: true, description: 'The token to make.' }) },
    ...needs('tokens.manage'),
    resolve: (_root, { input }, context) =>
      context.services.tokens.create(callerOf(context), {
        name: input.name,
        role: input.role,
        days: input.expiresInDays ?? undefined,
      }),
  }),
  createPersonalToken: t.field({
    type: CreateApiTokenResult,
    description: 'Makes a token in the caller’s own name; only sessions may, tokens may not.',
    args: { input: t.arg({ type: CreatePersonalTokenInput, required: true, description: 'The token to make.' }) },
    ...needs('viewer.read'),
    resolve: (_root, { input: { name, role, project, expiresInDays } }, context) =>
      context.services.tokens.createPersonal(callerOf(context), {
        name,
        role,
        project: project ?? undefined,
        days: expiresInDays ?? undefined,
      }),
  }),
  revokeApiToken: t.field({
    type: RevokeApiTokenResult,
    description: 'Revokes an API token at once, one’s own or, with tokens.manage, any; open streams of it are closed.',
    args: { input: t.arg({ type: RevokeApiTokenInput, required: true, description: 'The token to revoke.' }) },
    ...needs('viewer.read'),
    resolve: (_root, { input }, context) => {
      const [id] = partsOfId('ApiToken', input.tokenId) ?? [];
      if (id === undefined) return failure('NOT_FOUND', 'tokenId is no id of a token');
      return context.services.tokens.revoke(callerOf(context), id);
    },
  }),
}));
