import { builder } from '../../graphql/builder.js';
import { needs } from '../../graphql/guard.js';
import { nodeId } from '../../graphql/node-id.js';
import { Actor, actorOf } from '../actors/actor.type.js';
import { Node } from '../nodes/node.type.js';
import { defineResult } from '../results/result.type.js';
import { AccessScope } from '../roles/role.type.js';
import { SubjectKindEnum } from '../roles/role-subject.type.js';
import type { CreatedToken, TokenModel } from './new-token.js';

export const ApiToken = builder.objectRef<TokenModel>('ApiToken').implement({
  description: 'A token for the API; its secret is shown once, when it is made.',
  interfaces: [Node],
  ...needs('viewer.read'),
  fields: (t) => ({
    id: t.id({ description: 'Opaque global id.', resolve: ({ id }) => nodeId('ApiToken', id) }),
    name: t.exposeString('name', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', { description: 'Its first characters, to tell tokens apart.' }),
    role: t.string({ description: 'Its role, in upper case.', resolve: ({ role }) => role.toUpperCase() }),
    ownerKind: t.field({
      type: SubjectKindEnum,
      nullable: true,
      description: 'USER or SERVICE_ACCOUNT; null: the organization’s own. It never has more than its owner has.',
      resolve: ({ ownerKind }) => (ownerKind === '' ? null : ownerKind),
    }),
    owner: t.string({
      nullable: true,
      description: 'Id of the person or service account.',
      resolve: ({ owner }) => (owner === '' ? null : owner),
    }),
    scope: t.field({
      type: AccessScope,
      description: 'Where its role counts.',
      resolve: ({ scopeKind, scope }) => ({ kind: scopeKind, name: scope }),
    }),
    by: t.field({
      type: Actor,
      nullable: true,
      description: 'Who made it; null: the installation, or an earlier release that did not note it.',
      resolve: ({ createdBy }, _args, context) => (createdBy === '' ? null : actorOf(createdBy, context)),
    }),
    endsWithMaker: t.boolean({
      description:
        'True if a token made it: it counts no longer than that one, is revoked with it, and its role gives no more than it has.',
      resolve: ({ parent }) => parent !== undefined,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until when it can be used; null = until it is revoked, for the first token and those of earlier releases.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was revoked.' }),
  }),
});

const CreateApiTokenOk = builder.objectRef<CreatedToken>('CreateApiTokenOk').implement({
  description: 'A new token.',
  fields: (t) => ({
    apiToken: t.field({ type: ApiToken, description: 'The token.', resolve: ({ token }) => token }),
    secret: t.exposeString('secret', {
      description: 'The secret: send it as Authorization: Bearer. It is never shown again.',
    }),
  }),
});
export const CreateApiTokenResult = defineResult('CreateApiToken', CreateApiTokenOk);
