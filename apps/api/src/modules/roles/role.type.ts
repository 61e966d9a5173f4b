import type { ScopeRef } from '@isthmus/store';
import type { Permission } from '../../auth/permissions.js';
import { builder } from '../../graphql/builder.js';
import { defineConnection } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { nodeId } from '../../graphql/node-id.js';
import { Actor, actorOf } from '../actors/actor.type.js';
import { Node } from '../nodes/node.type.js';
import { RoleSubject } from './role-subject.type.js';
import type { BindingModel } from './roles.service.js';

export const ScopeKindEnum = builder.enumType('ScopeKind', {
  description: 'What a role is granted on.',
  values: {
    ORGANIZATION: { description: 'Everything.' },
    PROJECT: { description: 'A project and what is in it.' },
    GLOBAL_NAMESPACE: { description: 'A global namespace, and policies that name it and no other.' },
    CLUSTER_GROUP: { description: 'A cluster group, and the clusters that it chooses at the time.' },
  } as const,
});

export const AccessScope = builder.objectRef<ScopeRef>('AccessScope').implement({
  description: 'A part of the organization.',
  fields: (t) => ({
    kind: t.field({ type: ScopeKindEnum, description: 'What it is.', resolve: ({ kind }) => kind }),
    name: t.exposeString('name', {
      description: 'Project, project/name of a global namespace, or cluster group; empty for the organization.',
    }),
  }),
});

export const RoleBinding = builder.objectRef<BindingModel>('RoleBinding').implement({
  description: 'A role that somebody holds on the organization or a part of it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque global id.', resolve: ({ id }) => nodeId('RoleBinding', id) }),
    subject: t.field({
      type: RoleSubject,
      description: 'Who holds it.',
      resolve: ({ subject, scope }) => ({ ...subject, scope }),
    }),
    role: t.exposeString('role', { description: 'Name of the role; one that is gone gives nothing.' }),
    scope: t.field({ type: AccessScope, description: 'Where.', resolve: ({ scope }) => scope }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'Until when; null = for good.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was granted.' }),
    createdBy: t.exposeString('createdBy', { description: 'Who granted it, as audit rows name it.' }),
    by: t.field({
      type: Actor,
      description: 'Who that is.',
      resolve: ({ createdBy }, _args, context) => actorOf(createdBy, context),
    }),
  }),
});
export const RoleBindingConnection = defineConnection('RoleBinding', RoleBinding);

/** A role, built in or of the organization. */
export interface RoleModel {
  name: string;
  isBuiltIn: boolean;
  description: string;
  permissions: readonly Permission[];
}

export const AccessRole = builder.objectRef<RoleModel>('AccessRole').implement({
  description: 'What a role lets one do.',
  ...needs('roles.read'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name.' }),
    builtIn: t.exposeBoolean('isBuiltIn', { description: 'True if every organization has it.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    permissions: t.stringList({ description: 'What it gives.', resolve: ({ permissions }) => [...permissions] }),
  }),
});
