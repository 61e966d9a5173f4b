import { Inject, Injectable } from '@nestjs/common';
import type { MutationTx, ResourceRecord, Store } from '@isthmus/store';
import { auditOf, authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import { failure, type MutationFailure } from '../results/failure.js';

/** What a person may do to the agent of a cluster. */
export type AgentAct = 'revokeCluster' | 'resetCluster' | 'forgetCluster';

/** Acts of people on the agents of clusters; each leaves an audit row. */
@Injectable()
export class ClustersService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async act(viewer: Viewer, act: AgentAct, uid: string): Promise<{ cluster: string } | MutationFailure> {
    const { org } = authorize(viewer, 'agents.write');
    return this.store.mutate(org, auditOf(viewer, act), async (tx) => {
      const cluster = await tx.resources.byUid(uid);
      if (cluster?.kind !== 'Cluster') return failure('NOT_FOUND', 'There is no such cluster');
      await ACTS[act](tx, cluster.uid);
      await tx.record({ kind: 'Cluster', id: cluster.uid, name: cluster.name });
      return { cluster: cluster.uid };
    });
  }

  async current(viewer: Viewer, uid: string): Promise<ResourceRecord | undefined> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, (tx) => tx.resources.byUid(uid));
  }
}

const ACTS: Readonly<Record<AgentAct, (tx: MutationTx, cluster: string) => Promise<void>>> = {
  revokeCluster: (tx, cluster) => tx.sessions.revoke(cluster),
  resetCluster: (tx, cluster) => tx.sessions.reset(cluster),
  forgetCluster: async (tx, cluster) => {
    await tx.inventory.forget(cluster);
    await tx.outbox.add({ topic: 'inventory.changed', subject: cluster });
  },
};
