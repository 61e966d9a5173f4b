import type { ScopedTarget } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { defineConnection } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { Node } from '../nodes/node.type.js';
import { PolicyTarget } from '../resources/policy-target.type.js';
import { findResource, keyOf, listArgs, listResources } from '../resources/resource-list.js';
import { Resource } from '../resources/resource.type.js';
import { PLAIN_KIND_NAMES, PLAIN_KINDS, type PlainKind } from './plain-kinds.js';

interface PlainSpec {
  targets?: ScopedTarget[];
  enforced?: boolean;
}

const specOf = ({ spec }: ResourceRecord): PlainSpec => spec as PlainSpec;

function defineKind(kind: PlainKind): void {
  const { one, many, noun, description } = PLAIN_KINDS[kind];
  const ref = builder.objectRef<ResourceRecord>(kind);
  ref.implement({
    description,
    interfaces: [Node, Resource],
    fields: (t) => ({
      targets: t.field({
        type: [PolicyTarget],
        description: 'What it applies to; empty for kinds without targets.',
        resolve: (policy) => specOf(policy).targets ?? [],
      }),
      enforced: t.boolean({
        description: 'True if it beats policies of narrower scope.',
        resolve: (policy) => specOf(policy).enforced === true,
      }),
    }),
  });
  const Connection = defineConnection(kind, ref);
  builder.queryFields((t) => ({
    [one]: t.field({
      type: ref,
      nullable: true,
      description: `${noun.replace(/^an? /, 'One ')} by name; null if there is none.`,
      args: {
        name: t.arg.string({ required: true, description: 'Name.' }),
        project: t.arg.string({ description: 'Project; `default` if not given.' }),
      },
      ...needs(`${kind}.read`),
      resolve: (_root, { name, project }, context) => findResource(keyOf(kind, name, project), context),
    }),
    [many]: t.field({
      type: Connection,
      description: `All of one kind: ${noun.replace(/^an? /, '')}, of one or every project.`,
      args: listArgs(t.arg),
      ...needs(`${kind}.read`),
      resolve: (_root, args, context) => listResources([kind], args, context),
    }),
  }));
}

PLAIN_KIND_NAMES.forEach(defineKind);
