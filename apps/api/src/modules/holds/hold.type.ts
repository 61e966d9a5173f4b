import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { nodeId } from '../../graphql/node-id.js';
import { Actor, actorOf } from '../actors/actor.type.js';
import { Node } from '../nodes/node.type.js';
import { Resource } from '../resources/resource.type.js';
import type { HoldModel } from './holds.service.js';

const HoldKindEnum = builder.enumType('HoldKind', {
  description: 'Where deletions are held.',
  values: {
    INTAKE: { description: 'In the inventory that a cluster reports.' },
    PRUNE: { description: 'Of rendered objects in a cluster.' },
    DRAIN: { description: 'Of members that leave a global namespace by its rules, in all of its clusters.' },
  } as const,
});

/** Held deletions. */
export const Hold = builder.objectRef<HoldModel>('Hold');
Hold.implement({
  description: 'Deletions that are more than the breaker lets pass; they wait for a person, everything else goes on.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque global id.', resolve: ({ id }) => nodeId('Hold', id) }),
    kind: t.field({ type: HoldKindEnum, description: 'Where they are held.', resolve: ({ kind }) => kind }),
    cluster: t.field({
      type: Resource,
      nullable: true,
      description: 'The cluster; null for DRAIN, and for those who may not read it.',
      resolve: ({ cluster }, _args, { loaders }) => (cluster === '' ? null : loaders.resource.load(cluster)),
    }),
    clusterName: t.string({
      nullable: true,
      description: 'Name of the cluster, also for those who may read the global namespace alone; null for DRAIN.',
      resolve: ({ cluster }, _args, { loaders }) => (cluster === '' ? null : loaders.nameOf(cluster)),
    }),
    globalNamespace: t.field({
      type: Resource,
      nullable: true,
      description: 'The global namespace of PRUNE and DRAIN; null for INTAKE.',
      resolve: ({ gns }, _args, { loaders }) => (gns === '' ? null : loaders.resource.load(gns)),
    }),
    heldSetHash: t.exposeString('setHash', { description: 'Hash of the items; give it to approvePrune.' }),
    items: t.exposeStringList('items', {
      description: 'What would be deleted; of PRUNE the first 200 at most.',
    }),
    count: t.exposeInt('count', { description: 'How many would be deleted.' }),
    since: t.expose('since', { type: 'DateTime', description: 'Since when they are held.' }),
    approvedBy: t.exposeString('approvedBy', { nullable: true, description: 'Who approved this set.' }),
    approver: t.field({
      type: Actor,
      nullable: true,
      description: 'Who that is.',
      resolve: ({ approvedBy }, _args, context) => (approvedBy ? actorOf(approvedBy, context) : null),
    }),
    approvedAt: t.expose('approvedAt', { type: 'DateTime', nullable: true, description: 'When it was approved.' }),
    viewerCanApprove: t.boolean({
      description: 'True if the caller may approve them.',
      resolve: (hold, _args, context) => context.services.holds.mayApprove(callerOf(context), hold, context.loaders),
    }),
  }),
});
