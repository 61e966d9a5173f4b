import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { defineConnection } from '../../graphql/connection.js';
import { GlobalNamespaceConnection } from '../global-namespaces/global-namespace.type.js';
import { Node } from '../nodes/node.type.js';
import { listArgs, listResources } from '../resources/resource-list.js';
import { Resource } from '../resources/resource.type.js';
import { specOf } from '../resources/spec-of.js';

/** A team's space. */
export const Project = builder.objectRef<ResourceRecord>('Project');
Project.implement({
  description: 'A team’s space inside the organization; owns global namespaces.',
  interfaces: [Node, Resource],
  fields: (t) => ({
    description: t.string({
      nullable: true,
      description: 'What the project is for.',
      resolve: (project) => specOf('Project', project).description,
    }),
    globalNamespaces: t.field({
      type: GlobalNamespaceConnection,
      description: 'Global namespaces of the project.',
      args: listArgs(t.arg),
      resolve: ({ name }, args, context) =>
        listResources(['GlobalNamespace'], { ...args, filter: { ...args.filter, project: name } }, context),
    }),
  }),
});

export const ProjectConnection = defineConnection('Project', Project);
