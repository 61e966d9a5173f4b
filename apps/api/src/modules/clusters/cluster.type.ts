import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf, may } from '../../graphql/caller.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { clusterConditions } from '../conditions/cluster-conditions.js';
import { ConditionType } from '../conditions/condition.type.js';
import { Hold } from '../holds/hold.type.js';
import { Inventory } from '../inventory/inventory.type.js';
import { Issue } from '../issues/issue.type.js';
import { Resource } from '../resources/resource.type.js';
import { specOf } from '../resources/spec-of.js';
import { TargetConnection } from '../targets/target.type.js';
import { Node } from '../nodes/node.type.js';
import { Agent, Enrolment } from './agent.type.js';

const MeshSpec = builder.objectRef<{ kind: string; version?: string; mode?: string }>('MeshSpec').implement({
  description: 'The mesh as the record of the cluster says; what the agent found is in the inventory.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Kind of mesh, as the mesh project writes its name.' }),
    version: t.exposeString('version', { nullable: true, description: 'Version, if it is said.' }),
    mode: t.exposeString('mode', { nullable: true, description: 'sidecar or ambient; sidecar if it is not said.' }),
  }),
});

/** A registered cluster. */
export const Cluster = builder.objectRef<ResourceRecord>('Cluster');
Cluster.implement({
  description: 'A registered Kubernetes cluster with its mesh, its agent and what is wanted of it.',
  interfaces: [Node, Resource],
  fields: (t) => ({
    mesh: t.field({ type: MeshSpec, description: 'The mesh.', resolve: (cluster) => specOf('Cluster', cluster).mesh }),
    network: t.string({
      nullable: true,
      description: 'Network: clusters of one network reach each other without gateways.',
      resolve: (cluster) => specOf('Cluster', cluster).network,
    }),
    locality: t.string({
      nullable: true,
      description: 'region/zone or region/zone/subzone.',
      resolve: (cluster) => specOf('Cluster', cluster).locality,
    }),
    trustDomain: t.string({
      nullable: true,
      description: 'Trust domain of its identities, if the record says it.',
      resolve: (cluster) => specOf('Cluster', cluster).trustDomain,
    }),
    agent: t.field({
      type: Agent,
      nullable: true,
      description: 'Its agent; null if none was ever heard.',
      resolve: ({ uid }, _args, { loaders }) => loaders.session.load(uid),
    }),
    inventory: t.field({
      type: Inventory,
      nullable: true,
      description: 'What its agent found; null until it reports.',
      ...needs('inventory.read'),
      resolve: ({ uid }, _args, { loaders }) => loaders.inventoryHead.load(uid),
    }),
    targets: t.field({
      type: TargetConnection,
      description: 'What is wanted of it, by global namespace.',
      args: pageArgs(t.arg),
      resolve: async ({ uid }, args, context) => {
        const targets = await context.services.targets.ofCluster(callerOf(context), uid, context.loaders);
        return pageOf(
          targets.toSorted((a, b) => (a.record.gns < b.record.gns ? -1 : 1)),
          ({ record }) => record.gns,
          args,
        );
      },
    }),
    conditions: t.field({
      type: [ConditionType],
      description: 'Connected, InventoryKnown, Applied, Healthy.',
      resolve: async (cluster, _args, context) => {
        const { loaders, services } = context;
        const [session, inventory, targets] = await Promise.all([
          loaders.session.load(cluster.uid),
          loaders.inventoryHead.load(cluster.uid),
          services.targets.ofCluster(callerOf(context), cluster.uid, loaders),
        ]);
        return clusterConditions({ cluster, session, inventory, targets });
      },
    }),
    issues: t.field({
      type: [Issue],
      description: 'What compiles and its agent found about it.',
      resolve: (cluster, _args, context) =>
        context.services.issues.ofCluster(callerOf(context), cluster, context.loaders),
    }),
    holds: t.field({
      type: [Hold],
      description: 'Deletions that wait for approval.',
      resolve: ({ uid }, _args, context) =>
        context.services.holds.list(callerOf(context), { cluster: uid }, context.loaders),
    }),
    enrolments: t.field({
      type: [Enrolment],
      description: 'Enrolment tokens made for it.',
      ...needs('agents.write'),
      resolve: ({ uid }, _args, context) =>
        context.services.onboarding.enrolments(callerOf(context), uid, context.loaders),
    }),
    viewerCanOnboard: t.boolean({
      description: 'True if the caller may enrol, revoke and reset its agent.',
      resolve: (_c, _a, context) => may(context, 'agents.write'),
    }),
  }),
});

export const ClusterConnection = defineConnection('Cluster', Cluster);
