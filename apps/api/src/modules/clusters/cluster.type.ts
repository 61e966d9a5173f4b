import type { ClusterSpec } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { clusterPlace } from '../../auth/viewer.js';
import { builder } from '../../graphql/builder.js';
import { may } from '../../graphql/caller.js';
import { defineConnection } from '../../graphql/connection.js';
import { Node } from '../nodes/node.type.js';
import { Resource } from '../resources/resource.type.js';
import { specOf } from '../resources/spec-of.js';

const MeshSpec = builder.objectRef<ClusterSpec['mesh']>('MeshSpec').implement({
  description: 'The mesh as the record of the cluster says; what the agent found is in the inventory.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Kind of mesh, as the mesh project writes its name.' }),
    version: t.exposeString('version', { nullable: true, description: 'Version, if it is said.' }),
    mode: t.exposeString('mode', { nullable: true, description: 'sidecar or ambient; sidecar if it is not said.' }),
    rawExtensions: t.stringList({
      description: 'Ways past the API of the mesh that its owner allows, such as ENVOY_FILTER.',
      resolve: ({ rawExtensions = [] }) => rawExtensions,
    }),
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
    viewerCanOnboard: t.boolean({
      description: 'True if the caller may enrol, revoke and reset its agent.',
      resolve: (cluster, _args, context) => may(context, 'agents.write', clusterPlace(cluster)),
    }),
  }),
});

export const ClusterConnection = defineConnection('Cluster', Cluster);
