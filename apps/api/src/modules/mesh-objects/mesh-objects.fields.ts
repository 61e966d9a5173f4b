import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { objectYaml } from '../../preview/object-yaml.js';
import { Cluster } from '../clusters/cluster.type.js';
import { Issue } from '../issues/issue.type.js';
import { Target } from '../targets/target.type.js';
import { MeshObjectSource } from './mesh-object-source.type.js';
import { namespacesNamed } from './named-targets.js';
import type { MeshConfigurationModel, MeshObjectModel } from './mesh-objects.service.js';

const SideEnum = builder.enumType('MeshObjectSide', {
  description: 'Whose side of a service an object stands on.',
  values: {
    OWNER: { description: 'Where it is served: applied first, removed last.' },
    CLIENT: { description: 'Where it is called.' },
  } as const,
});

const MeshObject = builder.objectRef<MeshObjectModel>('MeshObject').implement({
  description: 'One object of a mesh’s own configuration, as its agent renders it.',
  fields: (t) => ({
    apiVersion: t.string({ description: 'apiVersion.', resolve: ({ object }) => object.apiVersion }),
    kind: t.string({ description: 'Kind.', resolve: ({ object }) => object.kind }),
    namespace: t.string({
      nullable: true,
      description: 'Namespace; null for cluster-scoped objects.',
      resolve: ({ object }) => object.metadata.namespace,
    }),
    name: t.string({ description: 'Name.', resolve: ({ object }) => object.metadata.name }),
    side: t.field({
      type: SideEnum,
      description: 'Whose side it stands on.',
      resolve: ({ side }) => (side === 'owner' ? 'OWNER' : 'CLIENT'),
    }),
    host: t.string({
      nullable: true,
      description: 'Host that it serves; null for objects of the whole global namespace.',
      resolve: ({ host }) => host,
    }),
    globalNamespace: t.field({
      type: MeshObjectSource,
      description: 'The global namespace that it is of.',
      resolve: ({ globalNamespace }) => ({ kind: 'GlobalNamespace', ...globalNamespace }),
    }),
    yaml: t.string({ description: 'The object as YAML.', resolve: ({ object }) => objectYaml(object) }),
    sources: t.field({
      type: [MeshObjectSource],
      nullable: true,
      description:
        'What it comes from: its global namespace, and each policy, group or service without which it would be another or not be there. Null: too many policies have a say to tell it for so many objects at once; ask for fewer.',
      resolve: ({ sources }) => sources(),
    }),
  }),
});
const MeshObjectConnection = defineConnection('MeshObject', MeshObject);

const KindCount = builder.objectRef<{ kind: string; count: number }>('MeshObjectCount').implement({
  description: 'How many objects there are of a kind.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Kind.' }),
    count: t.exposeInt('count', { description: 'Objects of it.' }),
  }),
});

const Filter = builder.inputType('MeshObjectFilter', {
  description: 'Which objects are listed: those for which all that is given holds.',
  fields: (t) => ({
    kind: t.string({ description: 'Of this kind.' }),
    namespace: t.string({ description: 'In this namespace.' }),
    search: t.string({ description: 'With this text in the name or host.' }),
  }),
});

function isListed({ object, host = '' }: MeshObjectModel, filter: typeof Filter.$inferInput): boolean {
  const { kind, namespace, search } = filter;
  const text = search?.toLowerCase() ?? '';
  return (
    (!kind || object.kind === kind) &&
    (!namespace || object.metadata.namespace === namespace) &&
    [object.metadata.name, host].some((one) => one.includes(text))
  );
}

function countsOf({ objects }: MeshConfigurationModel): { kind: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { object } of objects) counts.set(object.kind, (counts.get(object.kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count }));
}

const MeshConfiguration = builder.objectRef<MeshConfigurationModel>('MeshConfiguration').implement({
  description:
    'What the wanted revisions come to in a cluster, rendered by the library that agents use from the same trees and what the cluster reported. What only its agent knows may make a difference: addresses of gateways by name, and kinds that it may not write.',
  fields: (t) => ({
    inventoryKnown: t.exposeBoolean('inventoryKnown', {
      description: 'False while the cluster has not reported what it has: nothing is rendered then.',
    }),
    omittedNamespaces: t.exposeInt('omitted', {
      description: 'Global namespaces that are left out, since one answer renders 50: ask for each by name.',
    }),
    kinds: t.field({ type: [KindCount], description: 'All kinds there are, by name.', resolve: countsOf }),
    namespaces: t.stringList({
      description: 'All namespaces with objects, sorted.',
      resolve: ({ objects }) => [...new Set(objects.flatMap(({ object }) => object.metadata.namespace ?? []))].sort(),
    }),
    issues: t.field({ type: [Issue], description: 'What rendering says.', resolve: ({ issues }) => issues }),
    objects: t.field({
      type: MeshObjectConnection,
      description: 'The objects, by kind, namespace and name.',
      args: { ...pageArgs(t.arg), filter: t.arg({ type: Filter, description: 'Which are listed.' }) },
      resolve: ({ objects }, { filter, ...page }) =>
        pageOf(
          objects.filter((one) => isListed(one, filter ?? {})),
          ({ key }) => key,
          page,
        ),
    }),
  }),
});

builder.objectFields(Target, (t) => ({
  meshConfiguration: t.field({
    type: MeshConfiguration,
    description: 'What is rendered for the global namespace in the cluster.',
    resolve: (target, _args, context) => context.services.meshObjects.of(callerOf(context), [target], context.loaders),
  }),
}));

builder.objectFields(Cluster, (t) => ({
  meshConfiguration: t.field({
    type: MeshConfiguration,
    description: 'What is rendered in the cluster, of all global namespaces or of one.',
    args: {
      globalNamespace: t.arg.string({ description: 'Only of this one.' }),
      project: t.arg.string({ description: 'Its project; `default` if not given.' }),
    },
    resolve: async (cluster, { globalNamespace, project }, context) => {
      const caller = callerOf(context);
      const all = await context.services.targets.ofCluster(caller, cluster.uid, context.loaders);
      const key = globalNamespace ? { name: globalNamespace, project } : undefined;
      const targets = await namespacesNamed(all, key, context.loaders);
      return context.services.meshObjects.of(caller, targets, context.loaders);
    },
  }),
}));
