import { LABELS, MANAGED_BY, MESH_CONFIG_KINDS, type KubeObject, type MeshConfigObject } from '@isthmus/domain';
import { probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { ClusterPort } from '../cluster-port.js';
import { unpacked } from '../unpacked.fixture.js';
import { Scene } from './cluster-scene.fixture.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const API = 'rbac.authorization.k8s.io';

function entry(name: string, spec: object = {}, labels: Record<string, string> = {}): KubeObject {
  const metadata = { name, namespace: 'shop', labels };
  return { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata, spec: { hosts: ['a'], ...spec } };
}

/** Everything that `limited` may do: not to list what users configured in the mesh. */
const RULES = [
  { apiGroups: [''], resources: ['namespaces', 'services', 'pods', 'configmaps'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['*'] },
];

onKubernetes('what users configured in the mesh of a real cluster', () => {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver({ users: ['limited'] });
    scene = await Scene.on(server);
    await scene.namespace('shop');
  });
  afterEach(() => scene.endAgents());
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  async function told(cluster: ClusterPort): Promise<MeshConfigObject[] | undefined> {
    return unpacked(await cluster.readInventory(), 'shop')?.meshConfig?.objects;
  }

  it('is nothing where the kinds are not served, and that is known', async () => {
    const cluster = await scene.open();
    const { inventory, complete } = await cluster.readInventory();
    expect([complete, inventory.mesh.configKinds]).toEqual([true, [...MESH_CONFIG_KINDS]]);
    expect(await told(cluster)).toBeUndefined();
  });

  it('is told as far as it is judged, follows changes, and leaves out what Isthmus made', async () => {
    await scene.anyServiceEntry();
    const cluster = await scene.open();
    await scene.put(entry('ours', {}, { [LABELS.managedBy]: MANAGED_BY }));
    await scene.put(entry('theirs', { addresses: ['240.64.0.1'], resolution: 'NONE', other: { deep: [1] } }));
    const first = [{ kind: 'ServiceEntry', name: 'theirs', hosts: ['a'], addresses: ['240.64.0.1'] }];
    await vi.waitFor(async () => expect(await told(cluster)).toEqual(first), { timeout: 10_000, interval: 50 });
    const changed = vi.fn();
    cluster.watch(changed);
    const ref = { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', namespace: 'shop', name: 'theirs' };
    await scene.edit(ref, { spec: { addresses: null } });
    const second = [{ kind: 'ServiceEntry', name: 'theirs', hosts: ['a'] }];
    await vi.waitFor(async () => expect(await told(cluster)).toEqual(second), { timeout: 10_000, interval: 50 });
    await vi.waitFor(() => expect(changed).toHaveBeenCalledWith({ what: 'inventory' }), { timeout: 10_000 });
    await scene.edit(ref, { metadata: { labels: { [LABELS.managedBy]: MANAGED_BY } } });
    await vi.waitFor(async () => expect(await told(cluster)).toBeUndefined(), { timeout: 10_000, interval: 50 });
  });

  it('is unknown to whoever may not list it, and takes nothing from the rest of the inventory', async () => {
    await scene.anyServiceEntry();
    await scene.put(entry('theirs'));
    const subjects = [{ apiGroup: API, kind: 'User', name: 'limited' }];
    const roleRef = { apiGroup: API, kind: 'ClusterRole', name: 'some' };
    await scene.put({ apiVersion: `${API}/v1`, kind: 'ClusterRole', metadata: { name: 'some' }, rules: RULES });
    const binding = { apiVersion: `${API}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'some' } };
    await scene.put({ ...binding, roleRef, subjects });
    const cluster = await scene.open({ kubeconfig: server.kubeconfigOf('limited') });
    await vi.waitFor(
      async () => {
        const { inventory, complete, unreadable, issues } = await cluster.readInventory();
        expect({ complete, unreadable, issues }).toEqual({ complete: true, unreadable: [], issues: [] });
        expect(inventory.namespaces.every(({ readable }) => readable)).toBe(true);
        expect(inventory.mesh.configKinds).toEqual([]);
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(await told(cluster)).toBeUndefined();
  });
});
