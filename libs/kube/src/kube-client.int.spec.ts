import type { KubeObject } from '@isthmus/domain';
import { installIstioCrds, probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeClient } from './client.js';
import { connectKube } from './connect.js';
import { inParallel } from './in-parallel.js';
import { otherManagers, ownedPart } from './managed-fields.js';
import { withQuery } from './resource-type.js';
import { orThrow } from './result.js';

const onKubernetes = await real('kubernetes', probeKubernetes);

function entry(name: string, hosts: string[]): KubeObject {
  const spec = { hosts, location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 80, name: 'http' }] };
  const metadata = { name, namespace: 'default', labels: { 'app.kubernetes.io/managed-by': 'isthmus' } };
  return { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata, spec };
}

onKubernetes('the client on a real apiserver', () => {
  let server: KubeApiserver;
  let client: KubeClient;
  beforeAll(async () => {
    server = await startKubeApiserver({ users: ['reader'] });
    await installIstioCrds(server.kubeconfig, ['ServiceEntry']);
    client = await connectKube({ kubeconfig: server.kubeconfig });
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
  });

  const path = (name: string): string => `/apis/networking.istio.io/v1/namespaces/default/serviceentries/${name}`;

  /** Another hand writes: by default as kubectl edit does. */
  async function patchAs(manager: string, name: string, spec: unknown): Promise<void> {
    const body = { spec };
    const at = withQuery(path(name), { fieldManager: manager });
    const contentType = 'application/merge-patch+json';
    orThrow('patch', await client.transport.request({ method: 'PATCH', path: at, body, contentType }));
  }

  it('says that a kind is not served, and finds it once its CRD is there', async () => {
    const missing = await client.apply({ ...entry('x', ['x.test']), kind: 'DestinationRule' });
    expect(missing).toMatchObject({ ok: false, failure: { kind: 'notServed' } });
    const group = await client.get({ apiVersion: 'nobody.example/v1', kind: 'Nothing', name: 'x' });
    expect(group).toMatchObject({ ok: false, failure: { kind: 'notServed' } });
    expect(orThrow('version', await client.version())).toMatch(/^v1\.\d+/);
  });

  it('sorts failures: forbidden, not found, missing namespace, invalid, gone', async () => {
    const reader = await connectKube({ kubeconfig: server.kubeconfigOf('reader') });
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'none' };
    expect(await reader.get(ref)).toMatchObject({ ok: false, failure: { kind: 'forbidden' } });
    reader.close();
    expect(await client.get(ref)).toMatchObject({ ok: false, failure: { kind: 'notFound' } });
    const lost = entry('lost', ['lost.test']);
    lost.metadata.namespace = 'nowhere';
    const inNowhere = await client.apply(lost);
    expect(inNowhere).toMatchObject({
      ok: false,
      failure: { kind: 'notFound', subject: { kind: 'namespaces', name: 'nowhere' } },
    });
    const wrong = { ...entry('wrong', ['wrong.test']), spec: { hosts: ['wrong.test'], nobodyKnows: 1 } };
    expect(await client.apply(wrong)).toMatchObject({ ok: false, failure: { kind: 'invalid' } });
  });

  it('says transient when nobody listens', async () => {
    const deaf = await connectKube({ kubeconfig: server.kubeconfigOf('admin', 1) });
    expect(await deaf.version()).toMatchObject({ ok: false, failure: { kind: 'transient' } });
    deaf.close();
  });

  it('applies nothing in a dry run, then creates, then changes', async () => {
    expect(orThrow('dry', await client.apply(entry('a', ['a.test']), { dryRun: true })).created).toBe(true);
    expect(await client.get({ ...entry('a', []), name: 'a', namespace: 'default' })).toMatchObject({
      failure: { kind: 'notFound' },
    });
    expect(orThrow('create', await client.apply(entry('a', ['a.test']))).created).toBe(true);
    expect(orThrow('change', await client.apply(entry('a', ['b.test']))).created).toBe(false);
  });

  it('holds exactly what was applied, whatever the server added, and is told the metadata alone', async () => {
    const wanted = entry('exact', ['exact.test']);
    const { metadata } = orThrow('apply', await client.apply(wanted));
    const live = orThrow('get', await client.get({ ...wanted, name: 'exact', namespace: 'default' }));
    expect(ownedPart(live, 'isthmus-agent')).toEqual(wanted);
    expect(metadata).toEqual(live.metadata);
    const again = await client.transport.request({
      ...{ method: 'PATCH', contentType: 'application/apply-patch+yaml', body: wanted },
      path: '/apis/networking.istio.io/v1/namespaces/default/serviceentries/exact?fieldManager=isthmus-agent',
      accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    });
    expect(orThrow('again', again).body).not.toHaveProperty('spec');
  });

  it('never takes a field that another manager holds, and names the manager', async () => {
    orThrow('apply', await client.apply(entry('held', ['held.test'])));
    await patchAs('kubectl-edit', 'held', { hosts: ['stolen.test'] });
    const refused = await client.apply(entry('held', ['held.test']));
    expect(refused).toMatchObject({
      ok: false,
      failure: { kind: 'conflict', conflicts: [{ manager: 'kubectl-edit', field: '.spec.hosts' }] },
    });
    const live = orThrow('get', await client.get({ ...entry('held', []), name: 'held', namespace: 'default' }));
    expect(live.spec).toMatchObject({ hosts: ['stolen.test'] });
    expect(ownedPart(live, 'isthmus-agent').spec).not.toHaveProperty('hosts');
    expect(otherManagers(live, 'isthmus-agent')).toMatchObject([{ manager: 'kubectl-edit', fields: ['.spec.hosts'] }]);
  });

  it('refuses to apply to, or delete, another object than the one of the uid', async () => {
    const { metadata } = orThrow('apply', await client.apply(entry('mine', ['mine.test'])));
    const uid = metadata.uid ?? '';
    const other = '00000000-0000-4000-8000-000000000000';
    const wrong = entry('mine', ['mine.test']);
    const ref = { apiVersion: wrong.apiVersion, kind: wrong.kind, namespace: 'default', name: 'mine' };
    wrong.metadata.uid = other;
    expect(await client.apply(wrong)).toMatchObject({ ok: false, failure: { kind: 'conflict' } });
    expect(await client.remove(ref, other)).toMatchObject({ ok: false, failure: { kind: 'conflict' } });
    expect((await client.get(ref)).ok).toBe(true);
    expect(orThrow('remove', await client.remove(ref, uid))).toBeUndefined();
    expect(await client.remove(ref, uid)).toMatchObject({ ok: false, failure: { kind: 'notFound' } });
  });

  it('answers what is left while a finalizer holds an object', async () => {
    const held = entry('finalized', ['f.test']);
    (held.metadata as { finalizers?: string[] }).finalizers = ['example.com/wait'];
    const { metadata } = orThrow('apply', await client.apply(held));
    const left = await client.remove({ ...held, name: 'finalized', namespace: 'default' }, metadata.uid ?? '');
    expect(orThrow('remove', left)?.metadata).toMatchObject({ finalizers: ['example.com/wait'] });
  });

  it('lists in pages that belong to one moment', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `page-${index}`);
    await inParallel(names, 8, async (name) => orThrow(name, await client.apply(entry(name, [`${name}.test`]))));
    const type = orThrow('type', await client.discovery.find('networking.istio.io/v1', 'ServiceEntry'));
    const first = orThrow('page', await client.list({ type, limit: 10, namespace: 'default' }));
    expect(first.items).toHaveLength(10);
    const second = orThrow(
      'page',
      await client.list({ type, limit: 100, namespace: 'default', continueAt: first.next }),
    );
    expect(second.resourceVersion).toBe(first.resourceVersion);
    expect(second.items.length + 10).toBeGreaterThanOrEqual(25);
    expect(await client.list({ type, continueAt: 'x' })).toMatchObject({ ok: false, failure: { kind: 'invalid' } });
  });
});
