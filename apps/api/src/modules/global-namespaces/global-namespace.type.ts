import { DEFAULT_HOST_TEMPLATE, DEFAULT_VIP_CIDR } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { EncryptionPolicy } from '../encryption-policies/encryption-policy.type.js';
import { GlobalService, GlobalServiceConnection } from '../global-services/global-service.type.js';
import { Node } from '../nodes/node.type.js';
import { Resource } from '../resources/resource.type.js';
import { specOf } from '../resources/spec-of.js';
import { SloPolicy } from '../slo-policies/slo-policy.type.js';
import { policiesOf } from './policies-of.js';

/** A global namespace. */
export const GlobalNamespace = builder.objectRef<ResourceRecord>('GlobalNamespace');
GlobalNamespace.implement({
  description: 'A virtual sandbox over clusters: services chosen by rules, one domain, one set of policies.',
  interfaces: [Node, Resource],
  fields: (t) => ({
    domain: t.string({ description: 'Domain of its hosts.', resolve: (gns) => specOf('GlobalNamespace', gns).domain }),
    vipCIDR: t.string({
      description: 'Range of its virtual addresses.',
      resolve: (gns) => specOf('GlobalNamespace', gns).vipCIDR ?? DEFAULT_VIP_CIDR,
    }),
    hostTemplate: t.string({
      description: 'How hosts are named.',
      resolve: (gns) => specOf('GlobalNamespace', gns).hostTemplate ?? DEFAULT_HOST_TEMPLATE,
    }),
    services: t.field({
      type: GlobalServiceConnection,
      description: 'Derived services, by host.',
      args: { ...pageArgs(t.arg), search: t.arg.string({ description: 'Only hosts with this text.' }) },
      resolve: async ({ uid }, { search, ...args }, context) => {
        const all = await context.services.globalServices.ofGns(callerOf(context), uid, context.loaders);
        const text = search?.toLowerCase() ?? '';
        const found = text === '' ? all : all.filter(({ host }) => host.includes(text));
        const page = pageOf(found, ({ host }) => host, args);
        await context.services.globalServices.readClusters(page.records, context.loaders);
        return page;
      },
    }),
    service: t.field({
      type: GlobalService,
      nullable: true,
      description: 'One service by host; null if there is none.',
      args: { host: t.arg.string({ required: true, description: 'Host.' }) },
      resolve: async ({ uid }, { host }, context) => {
        const all = await context.services.globalServices.ofGns(callerOf(context), uid, context.loaders);
        return all.find((service) => service.host === host);
      },
    }),
    policies: t.field({
      type: [Resource],
      description: 'Every policy that can take part in what it compiles to, whatever its kind and scope.',
      resolve: async (gns, _args, { loaders }) => policiesOf(gns, await loaders.policies.load('all')),
    }),
    encryptionPolicies: t.field({
      type: [EncryptionPolicy],
      description: 'Encryption policies that target it.',
      resolve: async (gns, _args, { loaders }) =>
        policiesOf(gns, await loaders.policies.load('all')).filter(({ kind }) => kind === 'EncryptionPolicy'),
    }),
    sloPolicies: t.field({
      type: [SloPolicy],
      description: 'SLO policies that target it or one of its services.',
      resolve: async (gns, _args, { loaders }) =>
        policiesOf(gns, await loaders.policies.load('all')).filter(({ kind }) => kind === 'SloPolicy'),
    }),
  }),
});

export const GlobalNamespaceConnection = defineConnection('GlobalNamespace', GlobalNamespace);
