import type { Store } from '@isthmus/store';

/** A global namespace and clusters of the organization `default`, by uid. */
export interface Rollout {
  gns: string;
  clusters: readonly string[];
}

const rootOf = (number: number): string => String(number).repeat(64);
const refOf = (number: number) => ({ epoch: 1, seq: number, root: rootOf(number) });

/** As the worker does: publishes a revision (1 to 9, in order) of all that is stored, and moves every target to it. */
export function publishRevision(store: Store, { gns, clusters }: Rollout, number: number): Promise<void> {
  return store.withTenant('default', async (tx) => {
    const specVersion = await tx.resources.specVersion();
    const { root } = refOf(number);
    await tx.heads.publishPolicy({ gns, root, compilerVersion: 1, specVersion, issues: [] });
    const place = { gns, expectedSeq: number - 1, state: 'ACTIVE' as const, minCatalogSeq: 0, revision: number };
    const move = { ...place, next: refOf(number), statement: '{}', signature: 'c2ln' };
    await tx.targets.move(clusters.map((cluster) => ({ ...move, cluster })));
  });
}

/** As an agent of each of the clusters does: says that it applied the revision. */
export function acknowledgeRevision(store: Store, { gns, clusters }: Rollout, number: number): Promise<void> {
  return store.withTenant('default', async (tx) => {
    for (const cluster of clusters) {
      const hello = { cluster, gatewayId: 'g', clusterUid: cluster, agentVersion: '1', address: '::1' };
      const opened = await tx.sessions.connect(hello);
      if (opened.outcome !== 'connected') throw new Error(opened.outcome);
      const report = { gns, line: 'policy' as const, ref: refOf(number), objectCount: 1, issues: [] };
      await tx.targets.acknowledge({ cluster, session: opened.session }, [report]);
    }
  });
}
