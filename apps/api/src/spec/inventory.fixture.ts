import { MESH_CONFIG_KINDS, sha256Hex, type MeshConfigObject } from '@isthmus/domain';
import type { TestApi } from './api.fixture.js';

/**
 * As if the agent of the cluster had reported one service, `reviews` in `bookinfo`, and, if it reads that, what users configured
 * in the mesh there.
 */
export async function reportInventory(
  api: TestApi,
  name: string,
  configured?: readonly MeshConfigObject[],
): Promise<void> {
  await api.store.withTenant('default', async (tx) => {
    const record = await tx.resources.get({ kind: 'Cluster', project: '', name });
    if (record === undefined) throw new Error(`no cluster ${name}`);
    const hello = { cluster: record.uid, gatewayId: 'g', clusterUid: name, agentVersion: '1', address: '::1' };
    const connected = await tx.sessions.connect(hello);
    if (connected.outcome !== 'connected') throw new Error(connected.outcome);
    const services = [
      {
        name: 'reviews',
        labels: {},
        type: 'ClusterIP' as const,
        headless: false,
        selector: { app: 'reviews' },
        ports: [{ name: 'http', number: 9080, protocol: 'TCP' as const, targetPort: 9080 }],
      },
    ];
    const workloads = [
      { kind: 'Deployment', name: 'reviews', labels: { app: 'reviews' }, serviceAccount: 'reviews', ports: [] },
    ];
    const meshConfig = configured && { objects: configured };
    const body = JSON.stringify({ name: 'bookinfo', labels: {}, readable: true, services, workloads, meshConfig });
    const configKinds = configured && [...MESH_CONFIG_KINDS];
    const written = await tx.inventory.apply(
      { cluster: record.uid, session: connected.session },
      {
        bootId: 'b',
        seq: 1,
        root: sha256Hex(body),
        complete: true,
        facts: { mesh: { kind: 'istio', version: '1.30', configKinds }, gateways: [] },
        put: [{ namespace: 'bookinfo', hash: sha256Hex(body), body, readable: true }],
        remove: [],
      },
    );
    if (written !== 'written') throw new Error(written);
  });
}
