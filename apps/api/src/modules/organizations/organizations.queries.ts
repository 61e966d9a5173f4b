import { everywhereOf, somewhereOf, type Grant } from '../../auth/rights.js';
import type { Viewer } from '../../auth/viewer.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import { nodeId } from '../../graphql/node-id.js';
import { ConditionType, type Condition } from '../conditions/condition.type.js';
import { databaseCurrent } from '../conditions/life-conditions.js';
import { Node } from '../nodes/node.type.js';
import { AccessScope } from '../roles/role.type.js';
import type { OrganizationModel } from './organizations.service.js';

const CURRENT: Condition = {
  type: 'DatabaseCurrent',
  status: 'TRUE',
  reason: 'NoContradiction',
  message: 'No agent knows more than the database.',
};

const Organization = builder.objectRef<OrganizationModel>('Organization').implement({
  description: 'The tenant: everything belongs to one.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque global id.', resolve: ({ id }) => nodeId('Organization', id) }),
    name: t.exposeString('id', { description: 'Name.' }),
    displayName: t.exposeString('displayName', { description: 'Name for people.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    conditions: t.field({
      type: [ConditionType],
      description: 'What concerns all clusters: DatabaseCurrent is FALSE while agents know more than the database.',
      ...needs('resources.read'),
      resolve: async (_org, _args, context) => {
        const stops = await context.services.organizations.lineStops(callerOf(context));
        return stops.length === 0 ? [CURRENT] : databaseCurrent(stops);
      },
    }),
  }),
});

const ViewerGrant = builder.objectRef<Grant>('ViewerGrant').implement({
  description: 'A role that the caller holds.',
  fields: (t) => ({
    role: t.exposeString('role', { description: 'Name of the role.' }),
    scope: t.field({ type: AccessScope, description: 'Where.', resolve: ({ scope }) => scope }),
  }),
});

/** Who calls; other modules add what belongs to a caller. */
export const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who calls.',
  fields: (t) => ({
    actor: t.exposeString('actor', { description: 'As audit rows name it.' }),
    tokenName: t.exposeString('tokenName', { description: 'Name of the token; empty for sessions.' }),
    name: t.string({
      description: 'Name of the person, or of the token where nobody stands behind it.',
      resolve: ({ account, tokenName }) => account?.name ?? tokenName,
    }),
    role: t.string({ description: 'Role of the caller, in upper case.', resolve: ({ role }) => role.toUpperCase() }),
    permissions: t.stringList({
      description: 'What the caller may do in the whole organization; see canI for parts of it.',
      resolve: ({ rights }) => everywhereOf(rights),
    }),
    permissionsSomewhere: t.stringList({
      description:
        'What the caller may do in the whole organization or in some part of it; see canI for which. For what is offered, not for what is allowed.',
      resolve: ({ rights }) => somewhereOf(rights),
    }),
    grants: t.field({
      type: [ViewerGrant],
      description: 'Roles that the caller holds, and where.',
      resolve: ({ rights }) => [...rights.grants],
    }),
    organization: t.field({
      type: Organization,
      description: 'The caller’s organization.',
      resolve: (viewer, _args, { services }) => services.organizations.current(viewer),
    }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: ViewerType,
    description: 'Who calls.',
    ...needs('viewer.read'),
    resolve: (_root, _args, context) => callerOf(context),
  }),
  organization: t.field({
    type: Organization,
    description: 'The caller’s organization.',
    ...needs('viewer.read'),
    resolve: (_root, _args, context) => context.services.organizations.current(callerOf(context)),
  }),
}));
