import { builder } from '../../graphql/builder.js';
import { needs } from '../../graphql/guard.js';
import { findResource, keyOf, listArgs, listResources } from '../resources/resource-list.js';
import { SloPolicy, SloPolicyConnection } from './slo-policy.type.js';

builder.queryFields((t) => ({
  sloPolicy: t.field({
    type: SloPolicy,
    nullable: true,
    description: 'One SLO policy by name; null if there is none.',
    args: {
      name: t.arg.string({ required: true, description: 'Name.' }),
      project: t.arg.string({ description: 'Project; `default` if not given.' }),
    },
    ...needs('SloPolicy.read'),
    resolve: (_root, { name, project }, context) => findResource(keyOf('SloPolicy', name, project), context),
  }),
  sloPolicies: t.field({
    type: SloPolicyConnection,
    description: 'All of one kind: SLO policy, of one or every project.',
    args: listArgs(t.arg),
    ...needs('SloPolicy.read'),
    resolve: (_root, args, context) => listResources(['SloPolicy'], args, context),
  }),
}));
