import { parseImage, type InstallationValues } from '@isthmus/installation';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import { Cluster } from '../clusters/cluster.type.js';
import { defineResult } from '../results/result.type.js';
import type { ManifestModel } from './manifests.service.js';

const CreateAgentManifestOk = builder.objectRef<ManifestModel>('CreateAgentManifestOk').implement({
  description: 'A manifest that installs the agent of one cluster. It holds a token for one use.',
  fields: (t) => ({
    cluster: t.field({
      type: Cluster,
      nullable: true,
      description: 'The cluster that its token is bound to.',
      resolve: ({ cluster }, _args, { loaders }) => loaders.resource.load(cluster),
    }),
    manifest: t.exposeString('manifest', {
      nullable: true,
      description: 'YAML for `kubectl apply -f -`; null if it is to be fetched. Never shown again.',
    }),
    path: t.exposeString('path', {
      nullable: true,
      description: 'Path on this server for `kubectl apply -f`; null if the manifest is answered here.',
    }),
    fetches: t.exposeInt('fetches', { nullable: true, description: 'How often the path answers.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when path and token are good.' }),
  }),
});
const CreateAgentManifestResult = defineResult('CreateAgentManifest', CreateAgentManifestOk);

const CreateAgentManifestInput = builder.inputType('CreateAgentManifestInput', {
  description: 'A manifest to make. What is left out has the default of the chart.',
  fields: (t) => ({
    cluster: t.string({ required: true, description: 'Name of the cluster.' }),
    expiresInMinutes: t.int({ defaultValue: 15, description: 'Life of its token: 1 to 1440.' }),
    again: t.boolean({
      defaultValue: false,
      description: 'The cluster was enrolled before: using its token replaces its identity.',
    }),
    byUrl: t.boolean({ defaultValue: false, description: 'To be fetched by a path that is good a few times.' }),
    namespace: t.string({ description: 'Namespace of the agent.' }),
    image: t.string({ description: 'Image of the agent, by tag or digest.' }),
    meshNamespace: t.string({ description: 'Namespace of the mesh’s control plane.' }),
    httpsProxy: t.string({ description: 'HTTP proxy to the gateway, without user and password.' }),
    noProxy: t.string({ description: 'What is dialled directly, comma-separated.' }),
    extraCa: t.string({ description: 'More CAs in PEM, of the proxy or the metrics store.' }),
    prometheusUrl: t.string({ description: 'Metrics store of the cluster.' }),
    writeNamespaces: t.stringList({ description: 'Where the agent may write mesh configuration; none: everywhere.' }),
    envoyFilters: t.boolean({
      defaultValue: false,
      description: 'The agent may make EnvoyFilters too, which rate limits on Istio need.',
    }),
  }),
});

type Input = typeof CreateAgentManifestInput.$inferInput;

builder.mutationFields((t) => ({
  createAgentManifest: t.field({
    type: CreateAgentManifestResult,
    description: 'Makes a single-use token and the manifest that installs the agent with it.',
    args: { input: t.arg({ type: CreateAgentManifestInput, required: true, description: 'The manifest to make.' }) },
    ...needs('agents.write'),
    resolve: (_root, { input }, context) =>
      context.services.manifests.create(callerOf(context), {
        cluster: input.cluster,
        minutes: input.expiresInMinutes ?? 15,
        byUrl: input.byUrl ?? false,
        again: input.again ?? false,
        namespace: input.namespace ?? undefined,
        values: valuesOf(input),
      }),
  }),
}));

function valuesOf(input: Input): Omit<InstallationValues, 'gateway' | 'enrolment'> {
  const proxy = definedOf({ https: input.httpsProxy, noProxy: input.noProxy });
  return {
    ...(typeof input.image === 'string' ? { image: parseImage(input.image) } : {}),
    mesh: definedOf({ namespace: input.meshNamespace }),
    proxy,
    extraCa: definedOf({ pem: input.extraCa }),
    prometheus: definedOf({ url: input.prometheusUrl }),
    rbac: { writeNamespaces: input.writeNamespaces ?? [], envoyFilters: input.envoyFilters ?? false },
  };
}

function definedOf<K extends string>(fields: Record<K, string | null | undefined>): Partial<Record<K, string>> {
  const given = Object.entries(fields).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(given) as Partial<Record<K, string>>;
}
