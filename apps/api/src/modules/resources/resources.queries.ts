import { RESOURCE_KINDS } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { needs } from '../../graphql/guard.js';
import { findResource, keyOf, listArgs, listResources } from './resource-list.js';
import { Resource, ResourceConnection, ResourceKindEnum } from './resource.type.js';

builder.queryFields((t) => ({
  resource: t.field({
    type: Resource,
    nullable: true,
    description: 'One resource of any kind by name; null if there is none.',
    args: {
      kind: t.arg({ type: ResourceKindEnum, required: true, description: 'Kind.' }),
      name: t.arg.string({ required: true, description: 'Name.' }),
      project: t.arg.string({ description: 'Project; `default` if not given. Ignored for kinds of the organization.' }),
    },
    ...needs('resources.read'),
    resolve: (_root, { kind, name, project }, context) => findResource(keyOf(kind, name, project), context),
  }),
  resources: t.field({
    type: ResourceConnection,
    description: 'Resources of some or all kinds.',
    args: {
      kinds: t.arg({ type: [ResourceKindEnum], description: 'Only of these kinds; all if not given.' }),
      ...listArgs(t.arg),
    },
    ...needs('resources.read'),
    resolve: (_root, { kinds, ...args }, context) => listResources(kinds ?? RESOURCE_KINDS, args, context),
  }),
}));
