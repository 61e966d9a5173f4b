import { generateKeyPairSync } from 'node:crypto';
import { probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { connectKube } from '@isthmus/kube';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Identity } from '../../identity/identity.js';
import type { ClusterRecord } from '../cluster-port.js';
import { AGENT_NAMESPACE, Scene } from './cluster-scene.fixture.js';
import { secretIdentityStore } from './identity-secret.js';
import { RecordConfigMaps } from './record-config-maps.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const SECRET = { namespace: AGENT_NAMESPACE, name: 'isthmus-agent-identity' };

const FENCE = { gns: 'g', line: 'catalog' as const, epoch: 2, seq: 3, root: 'd'.repeat(64) };

function recordOf(count: number): ClusterRecord {
  const owned = Array.from({ length: count }, (_, index) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: `o-${String(index).padStart(5, '0')}`, gns: 'g' },
    ...{ side: 'owner' as const, order: 1, hash: 'c'.repeat(64), uid: '00000000-0000-4000-8000-000000000000' },
  }));
  return { fences: [FENCE], owned };
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

  it('keeps fences and objects when its head is deleted by hand, and refuses to go on when a part is gone, too', async () => {
    const one = await scene.open();
    await one.saveRecord(recordOf(100));
    const next = { ...recordOf(100), fences: [{ ...FENCE, seq: 4 }] };
    await one.saveRecord(next);
    await scene.drop(part('isthmus-record'));
    const two = new RecordConfigMaps({ client: scene.admin, namespace: AGENT_NAMESPACE });
    expect(await two.load()).toEqual(next);
    const lost = await scene.live(part('isthmus-record-c'));
    await scene.drop(part('isthmus-record-c'));
    await expect(two.load()).rejects.toThrow('parts are missing: c');
    const { name, namespace } = lost?.metadata ?? { name: '' };
    await scene.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: lost?.['data'] });
    expect(await two.load()).toEqual(next);
    await two.save({ ...next, fences: [{ ...FENCE, seq: 5 }] });
    expect((await one.loadRecord()).fences).toMatchObject([{ seq: 5 }]);
  });

  it('writes a fence before it says so, and what may wait of head and hashes a little later', async () => {
    const first = await scene.open();
    await first.saveRecord(recordOf(100));
    await first.close();
    const one = await scene.open({ recordLaterMs: 3_600_000 });
    await one.loadRecord();
    const versionOf = async (name: string) => (await scene.live(part(name)))?.metadata.resourceVersion;
    const names = ['isthmus-record', ...[...'0123456789abcdef'].map((digit) => `isthmus-record-${digit}`)];
    const versions = () => Promise.all(names.map(versionOf));
    const before = await versions();
    const { owned } = recordOf(100);
    const changed = owned.map((object, index) => (index < 5 ? { ...object, hash: 'd'.repeat(64) } : object));
    const next = { fences: [{ ...FENCE, seq: 4 }], owned: changed };
    await one.saveRecord(next);
    const soon = await versions();
    expect(names.filter((_, index) => soon[index] !== before[index])).toEqual(['isthmus-record-0']);
    const other = new RecordConfigMaps({ client: scene.admin, namespace: AGENT_NAMESPACE });
    expect((await other.load()).fences).toEqual(next.fences);
    await one.close();
    expect(await other.load()).toEqual(next);
    expect(await versionOf('isthmus-record')).not.toBe(before[0]);
    const two = await scene.open({ recordLaterMs: 10 });
    const last = { fences: [{ ...FENCE, seq: 5 }], owned };
    await two.saveRecord(last);
    await vi.waitFor(async () => expect(await other.load()).toEqual(last), { timeout: 10_000 });
  });

  it('is whole after a crash at any of its first writes', async () => {
    let crashed = true;
    for (let writes = 0; crashed; writes += 1) {
      for (const name of ['isthmus-record', ...[...'0123456789abcdef'].map((digit) => `isthmus-record-${digit}`)])
        if ((await scene.live(part(name))) !== undefined) await scene.drop(part(name));
      const client = await connectKube({ kubeconfig: server.kubeconfig });
      const create = client.create.bind(client);
      let left = writes;
      client.create = (type, object) => ((left -= 1) < 0 ? Promise.reject(new Error('crash')) : create(type, object));
      const saving = new RecordConfigMaps({ client, namespace: AGENT_NAMESPACE }).save(recordOf(2));
      crashed = await saving.then(() => false).catch(() => true);
      expect(crashed || writes > 2).toBe(true);
      client.close();
      const { owned } = await new RecordConfigMaps({ client: scene.admin, namespace: AGENT_NAMESPACE }).load();
      expect(owned.length).toBeLessThanOrEqual(2);
      await new RecordConfigMaps({ client: scene.admin, namespace: AGENT_NAMESPACE }).save(recordOf(2));
      expect(await new RecordConfigMaps({ client: scene.admin, namespace: AGENT_NAMESPACE }).load()).toEqual(
        recordOf(2),
      );
    }
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
