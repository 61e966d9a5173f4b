import { isProjectScoped } from '@isthmus/domain';
import type { ResourceGeneration, ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { mayChange } from '../../auth/viewer.js';
import { connectionOf, defineConnection, pageArgs, pageRequest } from '../../graphql/connection.js';
import { nodeId } from '../../graphql/node-id.js';
import { Actor, actorOf } from '../actors/actor.type.js';
import { PLAIN_KIND_NAMES, PLAIN_KINDS, type PlainKind } from '../policies/plain-kinds.js';
import { Node } from '../nodes/node.type.js';
import { Label, labelList } from './label.type.js';
import { yamlOf } from './resource-document.js';

const PLAIN_DESCRIPTIONS = Object.fromEntries(
  PLAIN_KIND_NAMES.map((kind) => [kind, { description: PLAIN_KINDS[kind].description }]),
) as Record<PlainKind, { description: string }>;

export const ResourceKindEnum = builder.enumType('ResourceKind', {
  description: 'Kinds of resources that people write.',
  values: {
    Cluster: { description: 'A Kubernetes cluster with its mesh.' },
    ClusterGroup: { description: 'Clusters by label.' },
    Project: { description: 'A team’s space inside the organization.' },
    GlobalNamespace: { description: 'Services of many clusters under one domain.' },
    EncryptionPolicy: { description: 'How traffic inside a global namespace is encrypted.' },
    SloPolicy: { description: 'An objective over good and total requests.' },
    ...PLAIN_DESCRIPTIONS,
  } as const,
});

const Generation = builder.objectRef<ResourceGeneration>('ResourceGeneration').implement({
  description: 'A state that a resource had.',
  fields: (t) => ({
    generation: t.exposeInt('generation', { description: 'Grows with each change of the spec.' }),
    resourceVersion: t.exposeString('resourceVersion', { description: 'Version that this state had.' }),
    labels: t.field({
      type: [Label],
      description: 'Labels of this state.',
      resolve: ({ labels }) => labelList(labels),
    }),
    annotations: t.field({
      type: [Label],
      description: 'Annotations of this state.',
      resolve: ({ annotations }) => labelList(annotations),
    }),
    spec: t.field({ type: 'JSON', description: 'Spec of this state.', resolve: ({ spec }) => spec }),
    deleted: t.exposeBoolean('deleted', { description: 'True for the entry that a deletion left.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the resource took this state.' }),
    actor: t.exposeString('actor', { description: 'Who gave it this state, as audit rows name it.' }),
    by: t.field({
      type: Actor,
      description: 'Who that is.',
      resolve: ({ actor }, _args, context) => actorOf(actor, context),
    }),
  }),
});
const GenerationConnection = defineConnection('ResourceGeneration', Generation);

/** What every kind has. */
export const Resource = builder.interfaceRef<ResourceRecord>('Resource').implement({
  description: 'A resource that people write, in YAML or through mutations.',
  interfaces: [Node],
  resolveType: ({ kind }) => kind,
  fields: (t) => ({
    id: t.id({
      description: 'Opaque global id; stable for the life of the object.',
      resolve: ({ kind, uid }) => nodeId(kind, uid),
    }),
    uid: t.exposeString('uid', {
      description: 'Set by the server; never used again after a deletion. Names the resource in rendered objects.',
    }),
    kind: t.field({ type: ResourceKindEnum, description: 'Kind.', resolve: ({ kind }) => kind }),
    name: t.exposeString('name', { description: 'Name, unique in its project or organization.' }),
    projectName: t.string({
      nullable: true,
      description: 'Name of its project; null for kinds that belong to the organization.',
      resolve: ({ kind, project }) => (isProjectScoped(kind) ? project : null),
    }),
    labels: t.field({ type: [Label], description: 'Labels, by key.', resolve: ({ labels }) => labelList(labels) }),
    annotations: t.field({
      type: [Label],
      description: 'Annotations, by key.',
      resolve: ({ annotations }) => labelList(annotations),
    }),
    spec: t.field({
      type: 'JSON',
      description: 'The spec as it was written; its JSON Schema is published with the product.',
      resolve: ({ spec }) => spec,
    }),
    yaml: t.string({ description: 'YAML that can be applied again, without what the server sets.', resolve: yamlOf }),
    generation: t.exposeInt('generation', { description: 'Grows with each change of the spec.' }),
    resourceVersion: t.exposeString('resourceVersion', {
      description: 'Grows with each change whatsoever; compare for equality only, and give it as `expectedVersion`.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was changed last.' }),
    viewerCanUpdate: t.boolean({
      description: 'True if the caller may change it.',
      resolve: (resource, _args, context) => mayChange(callerOf(context), resource, 'write'),
    }),
    viewerCanDelete: t.boolean({
      description: 'True if the caller may delete it.',
      resolve: (resource, _args, context) => mayChange(callerOf(context), resource, 'delete'),
    }),
    history: t.field({
      type: GenerationConnection,
      description: 'States that it had, newest first.',
      args: pageArgs(t.arg),
      resolve: async ({ uid }, args, context) =>
        connectionOf(
          await context.services.resources.history(
            callerOf(context),
            { uid, page: pageRequest(args) },
            context.loaders,
          ),
          args,
        ),
    }),
  }),
});

export const ResourceConnection = defineConnection('Resource', Resource);
