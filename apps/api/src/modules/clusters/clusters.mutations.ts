import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import { partsOfId } from '../../graphql/node-id.js';
import { failure } from '../results/failure.js';
import { defineResult } from '../results/result.type.js';
import { Cluster } from './cluster.type.js';
import type { ClusterAct } from './cluster-acts.js';

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
  const act = (name: ClusterAct, description: string) =>
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
      'Deletes what a cluster reported that is gone: its services vanish from everywhere, without a drain. It counts again when its agent reports again.',
    ),
    unquarantineCluster: act(
      'unquarantineCluster',
      'Lets the identity of a cluster connect again after a copy of it was found. Whoever holds its newest certificate is trusted.',
    ),
    leaveCluster: act(
      'leaveCluster',
      'Lets a cluster leave: others stop using its members, these drain, then its agent removes everything and proves it, then its identity is revoked.',
    ),
    cancelClusterLeave: act(
      'cancelClusterLeave',
      'Lets a cluster that is leaving stay; its members are offered again.',
    ),
    evictCluster: act(
      'evictCluster',
      'Drops a cluster at once: others forget its members, principals and trust, its identity is revoked. What it holds stays there and is listed.',
    ),
    abandonCluster: act(
      'abandonCluster',
      'Decides that drains no longer wait for a cluster that cannot be reached; it counts again when its agent is heard.',
    ),
    unabandonCluster: act('unabandonCluster', 'Takes back that a cluster is abandoned.'),
  };
});
