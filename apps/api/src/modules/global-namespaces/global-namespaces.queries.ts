import { builder } from '../../graphql/builder.js';
import { needs } from '../../graphql/guard.js';
import { findResource, keyOf, listArgs, listResources } from '../resources/resource-list.js';
import { GlobalNamespace, GlobalNamespaceConnection } from './global-namespace.type.js';

builder.queryFields((t) => ({
  globalNamespace: t.field({
    type: GlobalNamespace,
    nullable: true,
    description: 'One global namespace by name; null if there is none.',
    args: {
      name: t.arg.string({ required: true, description: 'Name.' }),
      project: t.arg.string({ description: 'Project; `default` if not given.' }),
    },
    ...needs('GlobalNamespace.read'),
    resolve: (_root, { name, project }, context) => findResource(keyOf('GlobalNamespace', name, project), context),
  }),
  globalNamespaces: t.field({
    type: GlobalNamespaceConnection,
    description: 'All of one kind: global namespace, of one or every project.',
    args: listArgs(t.arg),
    ...needs('GlobalNamespace.read'),
    resolve: (_root, args, context) => listResources(['GlobalNamespace'], args, context),
  }),
}));
