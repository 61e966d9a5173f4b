import { Inject, Injectable } from '@nestjs/common';
import type { ResourceRecord, Store } from '@isthmus/store';
import { auditOf, authorize, authorizeAt, clusterPlace, mayRead, type Viewer } from '../../auth/viewer.js';
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
        if (cluster?.kind !== 'Cluster' || !mayRead(viewer, cluster))
          return failure('NOT_FOUND', 'There is no such cluster');
        authorizeAt(viewer, 'agents.write', clusterPlace(cluster));
        const trace = await CLUSTER_ACTS[act]({ tx, cluster, by: actor });
        if (isFailure(trace)) return trace;
        await tx.record({ kind: 'Cluster', id: cluster.uid, name: cluster.name, ...trace });
        return { cluster: cluster.uid };
      },
      { commitIf: isDone },
    );
  }

  /** A resource as it is now; `isGone` if it is not there any more. Undefined if it is not the viewer's to read, or was not when it went. */
  async current(viewer: Viewer, uid: string): Promise<Standing | undefined> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, async (tx) => {
      const resource = await tx.resources.byUid(uid);
      if (resource !== undefined) return mayRead(viewer, resource) ? { isGone: false, resource } : undefined;
      const [last] = (await tx.resources.history(uid, { first: 1 })).items;
      return last !== undefined && mayRead(viewer, last.record) ? { isGone: true } : undefined;
    });
  }
}

/** Whether a resource that news are about is still there. */
export type Standing = { isGone: false; resource: ResourceRecord } | { isGone: true };
