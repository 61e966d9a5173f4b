import { type Cluster as ClusterDocument, clustersOfGroup, type ClusterGroup as GroupDocument } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { ClusterConnection } from '../clusters/cluster.type.js';
import { Node } from '../nodes/node.type.js';
import { resourceOf } from '../resources/resource-document.js';
import { Resource } from '../resources/resource.type.js';

/** Clusters by label. */
export const ClusterGroup = builder.objectRef<ResourceRecord>('ClusterGroup');
ClusterGroup.implement({
  description: 'Clusters by label or name, to be named in rules.',
  interfaces: [Node, Resource],
  fields: (t) => ({
    clusters: t.field({
      type: ClusterConnection,
      description: 'The clusters that it selects now, by name.',
      args: pageArgs(t.arg),
      resolve: async (group, args, context) => {
        const all = await context.services.resources.all(callerOf(context), ['Cluster']);
        const documents = new Map(all.map((record) => [record.name, resourceOf(record) as ClusterDocument]));
        const chosen = clustersOfGroup(resourceOf(group) as GroupDocument, [...documents.values()]);
        const names = new Set(chosen.map(({ metadata }) => metadata.name));
        return pageOf(
          all.filter(({ name }) => names.has(name)),
          ({ name }) => name,
          args,
        );
      },
    }),
  }),
});

export const ClusterGroupConnection = defineConnection('ClusterGroup', ClusterGroup);
