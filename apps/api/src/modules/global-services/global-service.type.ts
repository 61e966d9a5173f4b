import type { HostPort } from '@isthmus/domain';
import type { MemberRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { follow } from '../../graphql/maybe-promise.js';
import { nodeId } from '../../graphql/node-id.js';
import { Cluster } from '../clusters/cluster.type.js';
import { GlobalNamespace } from '../global-namespaces/global-namespace.type.js';
import { Freshness, freshnessOfSession } from '../inventory/freshness.type.js';
import { Node } from '../nodes/node.type.js';
import { type GlobalServiceModel, memberKeyOf } from './global-service-model.js';

/** Life of a member. */
export const MemberStateEnum = builder.enumType('MemberState', {
  description: 'Life of a member; clients use only those that are SERVED.',
  values: {
    WANTED: { value: 'wanted', description: 'Its cluster has not confirmed that it serves it.' },
    SERVED: { value: 'served', description: 'Its cluster confirmed it; clients may use it.' },
    DRAINING: { value: 'draining', description: 'Clients leave it; its cluster still serves it.' },
  } as const,
});

const Port = builder.objectRef<HostPort & { fixedBy: string }>('GlobalServicePort').implement({
  description: 'A port of a global service: the first member that offers it fixes its protocol for all.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Number.' }),
    name: t.exposeString('name', { description: 'Name: protocol and number.' }),
    protocol: t.string({ description: 'Application protocol.', resolve: ({ protocol }) => protocol }),
    fixedBy: t.exposeString('fixedBy', { description: 'Member that fixed it: cluster/namespace/service.' }),
  }),
});

const Member = builder.objectRef<MemberRecord>('GlobalServiceMember').implement({
  description: 'A Kubernetes service in one cluster that stands behind a global service.',
  fields: (t) => ({
    cluster: t.field({
      type: Cluster,
      nullable: true,
      description: 'Its cluster; null once the record is gone.',
      resolve: ({ cluster }, _args, { loaders }) => loaders.clusterNow(cluster),
    }),
    clusterName: t.string({
      description: 'Name of its cluster.',
      resolve: ({ cluster }, _args, { loaders }) => follow(loaders.clusterNow(cluster), (one) => one?.name ?? cluster),
    }),
    namespace: t.exposeString('namespace', { description: 'Kubernetes namespace.' }),
    service: t.exposeString('service', { description: 'Kubernetes service.' }),
    state: t.field({ type: MemberStateEnum, description: 'Where it stands.', resolve: ({ state }) => state }),
    enteredCatalogSeq: t.exposeInt('enteredSeq', {
      description: 'Catalog that first carried this state; 0 until known.',
    }),
    since: t.expose('updatedAt', { type: 'DateTime', description: 'When it took this state.' }),
    freshness: t.field({
      type: Freshness,
      description: 'How old what its cluster told is.',
      resolve: ({ cluster }, _args, { loaders, clock }) =>
        follow(loaders.clusterNow(cluster), (one) =>
          follow(one && loaders.sessionNow(one.uid), (session) => freshnessOfSession(session, clock.now())),
        ),
    }),
  }),
});
const MemberConnection = defineConnection('GlobalServiceMember', Member);

/** A derived service. */
export const GlobalService = builder.objectRef<GlobalServiceModel>('GlobalService');
GlobalService.implement({
  description: 'A service of a global namespace: the same name in it is one service, whatever cluster it runs in.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque global id.', resolve: ({ gns, host }) => nodeId('GlobalService', gns, host) }),
    host: t.exposeString('host', { description: 'DNS name that members and consumers call.' }),
    name: t.string({
      description: 'Name of the Kubernetes services behind it.',
      resolve: ({ members, host }) => members[0]?.service ?? host.split('.')[0] ?? host,
    }),
    vip: t.exposeString('vip', {
      nullable: true,
      description: 'Virtual address of the host; null until it is allocated. It never moves.',
    }),
    ports: t.field({ type: [Port], description: 'Ports, by number.', resolve: ({ ports }) => ports }),
    members: t.field({
      type: MemberConnection,
      description: 'Members, by cluster, namespace and service.',
      args: pageArgs(t.arg),
      resolve: ({ members }, args) => pageOf(members, memberKeyOf, args),
    }),
    servedMembers: t.int({
      description: 'Number of members that clients may use.',
      resolve: ({ members }) => members.filter(({ state }) => state === 'served').length,
    }),
    globalNamespace: t.field({
      type: GlobalNamespace,
      nullable: true,
      description: 'The global namespace it belongs to.',
      resolve: ({ gns }, _args, { loaders }) => loaders.resource.load(gns),
    }),
  }),
});

export const GlobalServiceConnection = defineConnection('GlobalService', GlobalService);
