import type { ArgBuilder } from '@pothos/core';
import { withoutHiddenPolicies } from '../../auth/hidden-policies.js';
import { builder, type Types } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import type { Context } from '../../graphql/context.js';
import { Cluster } from '../clusters/cluster.type.js';
import { GlobalNamespace } from '../global-namespaces/global-namespace.type.js';
import { edgesOf } from './edges.js';
import { matching, pathsOf, shapeOf, type Shape } from './shape.js';
import {
  clustersOf,
  membersOf,
  sortedUnique,
  type PlacedService,
  type TopologyRequest,
  type TopologyWorld,
} from './topology-model.js';
import { TopologyCluster, TopologyEdge, TopologyGroup, TopologyPath, TopologyService } from './topology-parts.type.js';

interface TopologyModel extends Shape {
  world: TopologyWorld;
  matches: PlacedService[];
}

const GroupingEnum = builder.enumType('TopologyGrouping', {
  description: 'By what services are told together where there are too many.',
  values: {
    CLUSTER: { description: 'By the cluster where they run.' },
    NAMESPACE: { description: 'By Kubernetes namespace.' },
    VERSION: { description: 'By version.' },
  } as const satisfies Record<TopologyRequest['groupBy'], object>,
});

const Filter = builder.inputType('TopologyFilter', {
  description: 'Which services to tell; what is given is ANDed.',
  fields: (t) => ({
    text: t.string({ description: 'Only hosts with this text.' }),
    cluster: t.string({ description: 'Only those that run in this cluster.' }),
    namespace: t.string({ description: 'Only those in this Kubernetes namespace; with `cluster`, in it there.' }),
    serviceGroup: t.string({ description: 'Only those of this service group.' }),
  }),
});

const Topology = builder.objectRef<TopologyModel>('Topology').implement({
  description: 'Services, where they run, and who may call whom, as it was compiled last. Traffic is not part of it.',
  fields: (t) => ({
    totalServices: t.int({ description: 'Services before any filter.', resolve: ({ world }) => world.services.length }),
    matchingServices: t.int({ description: 'Services that match.', resolve: ({ matches }) => matches.length }),
    services: t.field({
      type: [TopologyService],
      description: 'By host. All that match, if they are at most 200; else at most 200 of the expanded groups.',
      resolve: ({ shown }) => shown,
    }),
    groups: t.field({
      type: [TopologyGroup],
      description: 'What stands for the services that match and are not told by themselves: at most 200 groups.',
      resolve: ({ groups }) => groups,
    }),
    clusters: t.field({
      type: [TopologyCluster],
      description: 'Clusters where matching services run, or that call, by name.',
      resolve: clustersAround,
    }),
    paths: t.field({
      type: [TopologyPath],
      description: 'Ways between clusters to what matches, by the cluster that serves.',
      resolve: ({ matches, world }) => pathsOf(matches, world),
    }),
    namespaces: t.stringList({
      description: 'Kubernetes namespaces of all services.',
      resolve: ({ world }) => sortedUnique(world.services.flatMap(membersOf).map(({ namespace }) => namespace)),
    }),
    serviceGroups: t.stringList({
      description: 'Service groups of all services.',
      resolve: ({ world }) => sortedUnique(world.services.flatMap(({ groups }) => groups)),
    }),
    edges: t.field({
      type: [TopologyEdge],
      description: 'Who may call a service that is told by itself, and whom it may call; empty for any other id.',
      args: { of: t.arg.id({ required: true, description: 'Id of the service.' }) },
      resolve: async (topology, { of }, { loaders }) =>
        withoutHiddenPolicies(edgesOf(of, topology), await loaders.secrecy.load('all')),
    }),
  }),
});

function clustersAround({ matches, world }: TopologyModel) {
  const counts = new Map([...world.consumers].map((name) => [name, 0]));
  for (const name of matches.flatMap(clustersOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, services]) => {
      const cluster = world.clusters.get(name);
      return cluster === undefined ? [] : [{ ...cluster, services }];
    });
}

function topologyArgs(arg: ArgBuilder<Types>) {
  return {
    filter: arg({ type: Filter, description: 'Which services to tell.' }),
    groupBy: arg({ type: GroupingEnum, defaultValue: 'CLUSTER' as const, description: 'By what groups are made.' }),
    expand: arg.idList({ description: 'Ids of groups whose services are told by themselves.' }),
  };
}

interface Given {
  filter?: typeof Filter.$inferInput | null;
  groupBy?: TopologyRequest['groupBy'] | null;
  expand?: readonly string[] | null;
}

function requestOf({ filter, groupBy, expand }: Given): TopologyRequest {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== '');
  return { ...Object.fromEntries(given), groupBy: groupBy ?? 'CLUSTER', expand: expand ?? [] };
}

function modelOf(world: TopologyWorld, given: Given): TopologyModel {
  const request = requestOf(given);
  const matches = matching(world.services, request);
  return { world, matches, ...shapeOf(matches, request) };
}

const lookingOf = (context: Context) => ({
  viewer: callerOf(context),
  loaders: context.loaders,
  now: context.clock.now(),
});

builder.objectFields(GlobalNamespace, (t) => ({
  topology: t.field({
    type: Topology,
    nullable: true,
    description: 'Its services, where they run, and who may call whom; null until it was compiled.',
    args: topologyArgs(t.arg),
    resolve: async (gns, given, context) => {
      const world = await context.services.topology.ofGns(gns, lookingOf(context));
      return world && modelOf(world, given);
    },
  }),
}));

builder.objectFields(Cluster, (t) => ({
  topology: t.field({
    type: Topology,
    description: 'Services of global namespaces that run in it, and who may call whom.',
    args: topologyArgs(t.arg),
    resolve: async (cluster, given, context) =>
      modelOf(await context.services.topology.ofCluster(cluster, lookingOf(context)), given),
  }),
}));
