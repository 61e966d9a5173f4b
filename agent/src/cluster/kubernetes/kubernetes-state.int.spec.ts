import { generateKeyPairSync } from 'node:crypto';
import { probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { connectKube } from '@isthmus/kube';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Identity } from '../../identity/identity.js';
import type { ClusterRecord } from '../cluster-port.js';
import { AGENT_NAMESPACE, Scene } from './cluster-scene.fixture.js';
import { secretIdentityStore } from './identity-secret.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const SECRET = { namespace: AGENT_NAMESPACE, name: 'isthmus-agent-identity' };

function recordOf(count: number): ClusterRecord {
  const owned = Array.from({ length: count }, (_, index) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: `o-${String(index).padStart(5, '0')}`, gns: 'g' },
    ...{ side: 'owner' as const, order: 1, hash: 'c'.repeat(64), uid: '00000000-0000-4000-8000-000000000000' },
  }));
  return { fences: [{ gns: 'g', line: 'catalog', epoch: 2, seq: 3, root: 'd'.repeat(64) }], owned };
}

onKubernetes('state in a real apiserver', () => {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver({ users: ['agent'] });
    scene = await Scene.on(server);
  });
  afterEach(() => scene.endAgents());
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  const part = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: AGENT_NAMESPACE, name });

  it('refuses to go on from a record of which a part is missing or damaged', async () => {
    const one = await scene.open();
    await one.saveRecord(recordOf(100));
    const lost = await scene.live(part('isthmus-record-c'));
    await scene.drop(part('isthmus-record-c'));
    await expect(one.loadRecord()).rejects.toThrow('parts are missing: c');
    const { name, namespace } = lost?.metadata ?? { name: '' };
    const restored = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } };
    await scene.put({ ...restored, data: { 'record.json': '{"version":1,' } });
    await expect(one.loadRecord()).rejects.toThrow('part c is damaged');
    await scene.put({ ...restored, data: lost?.['data'] });
    expect(await one.loadRecord()).toEqual(recordOf(100));
  });

  it('survives the pod, holds 20,000 objects, and rewrites only the parts that changed', async () => {
    const one = await scene.open();
    await one.saveRecord(recordOf(20_000));
    await one.close();
    const two = await scene.open();
    const record = await two.loadRecord();
    expect(record.owned).toHaveLength(20_000);
    const versions = async (): Promise<(string | undefined)[]> =>
      Promise.all(
        [...'0123456789abcdef'].map(
          async (of) => (await scene.live(part(`isthmus-record-${of}`)))?.metadata.resourceVersion,
        ),
      );
    const before = await versions();
    await two.saveRecord({ ...record, owned: record.owned.slice(1) });
    const after = await versions();
    expect(after.filter((version, index) => version !== before[index])).toHaveLength(1);
  });

  it('keeps the identity in a Secret that it may get and update and nothing else', async () => {
    const rbac = 'rbac.authorization.k8s.io';
    const metadata = { name: 'identity', namespace: AGENT_NAMESPACE };
    const rules = [{ apiGroups: [''], resources: ['secrets'], resourceNames: [SECRET.name], verbs: ['get', 'update'] }];
    const subjects = [{ apiGroup: rbac, kind: 'User', name: 'agent' }];
    const roleRef = { apiGroup: rbac, kind: 'Role', name: 'identity' };
    await scene.put({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules });
    await scene.put({ apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata, roleRef, subjects });
    const client = await connectKube({ kubeconfig: server.kubeconfigOf('agent') });
    const store = secretIdentityStore(client, SECRET);
    await expect(store.load()).rejects.toThrow('does not exist');
    await scene.put({ apiVersion: 'v1', kind: 'Secret', metadata: SECRET });
    expect(await store.load()).toBeUndefined();
    const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const cluster = { uid: 'u', name: 'one' };
    const identity: Identity = {
      version: 1,
      org: 'default',
      cluster,
      privateKey,
      certificate: 'c',
      ca: 'a',
      statementKeys: ['k'],
    };
    await store.savePending?.({ privateKey, csr: 'r' });
    expect([await store.load(), await store.loadPending?.()]).toEqual([undefined, { privateKey, csr: 'r' }]);
    await store.save(identity);
    expect(await secretIdentityStore(client, SECRET).load()).toEqual(identity);
    expect(await store.loadPending?.()).toBeUndefined();
    await store.remove();
    expect(await store.load()).toBeUndefined();
    client.close();
  });
});
