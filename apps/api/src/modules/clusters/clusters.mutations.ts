import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import { partsOfId } from '../../graphql/node-id.js';
import { failure } from '../results/failure.js';
import { defineResult } from '../results/result.type.js';
import { Cluster } from './cluster.type.js';
import type { AgentAct } from './clusters.service.js';

const ClusterActOk = builder.objectRef<{ cluster: string }>('ClusterActOk').implement({
  description: 'What was done to the agent of a cluster.',
  fields: (t) => ({
    cluster: t.field({
      type: Cluster,
      nullable: true,
      description: 'The cluster.',
      resolve: ({ cluster }, _args, { loaders }) => loaders.resource.load(cluster),
    }),
  }),
});
const ClusterActResult = defineResult('ClusterAct', ClusterActOk);

const ClusterActInput = builder.inputType('ClusterActInput', {
  description: 'The cluster whose agent is meant.',
  fields: (t) => ({ clusterId: t.id({ required: true, description: 'Id of the cluster.' }) }),
});

builder.mutationFields((t) => {
  const act = (name: AgentAct, description: string) =>
    t.field({
      type: ClusterActResult,
      description,
      args: { input: t.arg({ type: ClusterActInput, required: true, description: 'The cluster.' }) },
      ...needs('agents.write'),
      resolve: (_root, { input }, context) => {
        const [uid] = partsOfId('Cluster', input.clusterId) ?? [];
        if (uid === undefined) return failure('NOT_FOUND', 'clusterId is no id of a cluster');
        return context.services.clusters.act(callerOf(context), name, uid);
      },
    });
  return {
    revokeCluster: act(
      'revokeCluster',
      'Revokes the identity of a cluster’s agent and all its certificates; its stream is cut. What it applied stays.',
    ),
    resetCluster: act('resetCluster', 'Lets a revoked, quarantined or rebuilt cluster be enrolled again.'),
    forgetCluster: act(
      'forgetCluster',
      'Drops the inventory of a cluster that will not come back: its services are gone from everywhere.',
    ),
  };
});
