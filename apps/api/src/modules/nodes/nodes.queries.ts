import { builder } from '../../graphql/builder.js';
import { badInput } from '../../graphql/connection.js';
import type { Context } from '../../graphql/context.js';
import { needs } from '../../graphql/guard.js';
import { parseNodeId } from '../../graphql/node-id.js';
import { loadNode } from './load-node.js';
import { Node, type NodeModel } from './node.type.js';

const MAX_IDS = 100;

async function nodeOf(id: string, context: Context): Promise<NodeModel | null> {
  const key = parseNodeId(id);
  return key === undefined ? null : ((await loadNode(key, context)) ?? null);
}

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'The object with this id; null if there is none, or none that the caller may see.',
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    ...needs('viewer.read'),
    resolve: (_root, { id }, context) => nodeOf(id, context),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: 'The objects with these ids, in their order; null for each that there is none of.',
    args: { ids: t.arg.idList({ required: true, description: `Global ids, at most ${MAX_IDS}.` }) },
    ...needs('viewer.read'),
    resolve: (_root, { ids }, context) => {
      if (ids.length > MAX_IDS) throw badInput(`at most ${MAX_IDS} ids at once`);
      return Promise.all(ids.map((id) => nodeOf(id, context)));
    },
  }),
}));
