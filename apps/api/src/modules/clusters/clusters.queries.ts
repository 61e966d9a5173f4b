import { builder } from '../../graphql/builder.js';
import { needs } from '../../graphql/guard.js';
import { findResource, keyOf, listArgs, listResources } from '../resources/resource-list.js';
import { Cluster, ClusterConnection } from './cluster.type.js';

builder.queryFields((t) => ({
  cluster: t.field({
    type: Cluster,
    nullable: true,
    description: 'One cluster by name; null if there is none.',
    args: { name: t.arg.string({ required: true, description: 'Name.' }) },
    ...needs('Cluster.read'),
    resolve: (_root, { name }, context) => findResource(keyOf('Cluster', name), context),
  }),
  clusters: t.field({
    type: ClusterConnection,
    description: 'Clusters of the organization.',
    args: listArgs(t.arg),
    ...needs('Cluster.read'),
    resolve: (_root, args, context) => listResources(['Cluster'], args, context),
  }),
}));
