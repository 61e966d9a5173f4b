import { builder } from '../../graphql/builder.js';
import { needs } from '../../graphql/guard.js';
import { findResource, keyOf, listArgs, listResources } from '../resources/resource-list.js';
import { ClusterGroup, ClusterGroupConnection } from './cluster-group.type.js';

builder.queryFields((t) => ({
  clusterGroup: t.field({
    type: ClusterGroup,
    nullable: true,
    description: 'One cluster group by name; null if there is none.',
    args: { name: t.arg.string({ required: true, description: 'Name.' }) },
    ...needs('ClusterGroup.read'),
    resolve: (_root, { name }, context) => findResource(keyOf('ClusterGroup', name), context),
  }),
  clusterGroups: t.field({
    type: ClusterGroupConnection,
    description: 'Cluster groups of the organization.',
    args: listArgs(t.arg),
    ...needs('ClusterGroup.read'),
    resolve: (_root, args, context) => listResources(['ClusterGroup'], args, context),
  }),
}));
