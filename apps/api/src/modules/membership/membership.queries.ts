import { DEFAULT_PROJECT } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { Issue } from '../issues/issue.type.js';
import type { MatchedServiceModel, MembershipPreviewModel } from './membership.service.js';

const MatchedService = builder.objectRef<MatchedServiceModel>('MatchedService').implement({
  description: 'A Kubernetes Service that rules of membership match.',
  fields: (t) => ({
    host: t.exposeString('host', { description: 'Host that it would serve.' }),
    cluster: t.string({ description: 'Name of its cluster.', resolve: ({ member }) => member.cluster }),
    namespace: t.string({ description: 'Its namespace.', resolve: ({ member }) => member.namespace }),
    service: t.string({ description: 'Its name.', resolve: ({ member }) => member.service.name }),
    ports: t.intList({
      description: 'Its ports.',
      resolve: ({ member }) => member.service.ports.map(({ number }) => number),
    }),
  }),
});
const MatchedServiceConnection = defineConnection('MatchedService', MatchedService);

const MembershipPreview = builder.objectRef<MembershipPreviewModel>('MembershipPreview').implement({
  description:
    'What rules of membership match on the inventories known now, in the clusters whose inventory is the caller’s to read; in all, if it may write the global namespace. Whether a service can be offered, and whether another global namespace has it, a dry run tells.',
  fields: (t) => ({
    services: t.field({
      type: MatchedServiceConnection,
      description: 'The services, by host and cluster.',
      args: pageArgs(t.arg),
      resolve: ({ services }, args) => pageOf(services, ({ key }) => key, args),
    }),
    clusters: t.exposeStringList('clusters', { description: 'Clusters that the rules reach and that reported.' }),
    unknownClusters: t.exposeStringList('unknownClusters', {
      description: 'Clusters that the rules reach and that never reported: what would match there is not known.',
    }),
    issues: t.field({
      type: [Issue],
      description: 'What is wrong with the rules; with an error nothing is matched.',
      resolve: ({ issues }) => issues,
    }),
  }),
});

builder.queryFields((t) => ({
  membershipPreview: t.field({
    type: MembershipPreview,
    description: 'Which services a global namespace would have, before there is one.',
    args: {
      spec: t.arg({
        type: 'JSON',
        required: true,
        description: 'Spec of a global namespace, as in YAML: domain, members and what else decides about them.',
      }),
      project: t.arg.string({ description: 'Project that it would be in; `default` if not given.' }),
    },
    ...needs('inventory.read'),
    resolve: (_root, { spec, project }, context) => {
      const previewed = { spec, project: project ?? DEFAULT_PROJECT };
      return context.services.membership.preview(callerOf(context), previewed, context.loaders);
    },
  }),
}));
