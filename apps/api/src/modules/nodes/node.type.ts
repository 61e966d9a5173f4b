import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import type { NodeType } from '../../graphql/node-id.js';

/** Anything with a global id: resources by their kind, everything else by a tag. */
export type NodeModel = ResourceRecord | { typename: Exclude<NodeType, ResourceRecord['kind']> };

/** The GraphQL type of a node. */
export function typenameOf(node: NodeModel): NodeType {
  return 'typename' in node ? node.typename : node.kind;
}

/** Relay's Node. */
export const Node = builder.interfaceRef<NodeModel>('Node').implement({
  description: 'An object with a global id.',
  resolveType: typenameOf,
  fields: (t) => ({
    id: t.id({ description: 'Opaque global id; stable for the life of the object.', resolve: () => '' }),
  }),
});
