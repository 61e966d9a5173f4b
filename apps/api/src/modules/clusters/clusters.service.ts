import { Inject, Injectable } from '@nestjs/common';
import type { ResourceRecord, Store } from '@isthmus/store';
import { auditOf, authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import { failure, isFailure, type MutationFailure } from '../results/failure.js';
import { CLUSTER_ACTS, type ClusterAct } from './cluster-acts.js';

/** Acts of people on clusters and their agents; each leaves an audit row. */
@Injectable()
export class ClustersService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async act(viewer: Viewer, act: ClusterAct, uid: string): Promise<{ cluster: string } | MutationFailure> {
    const { org, actor } = authorize(viewer, 'agents.write');
    const isDone = (outcome: object): boolean => !isFailure(outcome);
    return this.store.mutate(
      org,
      auditOf(viewer, act),
      async (tx) => {
        const cluster = await tx.resources.byUid(uid);
        if (cluster?.kind !== 'Cluster') return failure('NOT_FOUND', 'There is no such cluster');
        const trace = await CLUSTER_ACTS[act]({ tx, cluster, by: actor });
        if (isFailure(trace)) return trace;
        await tx.record({ kind: 'Cluster', id: cluster.uid, name: cluster.name, ...trace });
        return { cluster: cluster.uid };
      },
      { commitIf: isDone },
    );
  }

  async current(viewer: Viewer, uid: string): Promise<ResourceRecord | undefined> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, (tx) => tx.resources.byUid(uid));
  }
}
