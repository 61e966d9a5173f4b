import { probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { KubeClient, ListRequest } from './client.js';
import { connectKube } from './connect.js';
import { inParallel } from './in-parallel.js';
import { reflect } from './reflector.js';
import { resourceType } from './resource-type.js';
import { ResourceView } from './resource-view.js';
import { orThrow } from './result.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const CONFIG_MAPS = resourceType('v1', 'ConfigMap', 'configmaps');
const NAMES = Array.from({ length: 12 }, (_, index) => `m${String(index).padStart(2, '0')}`);

onKubernetes('an apiserver that forgets its past every second', () => {
  let server: KubeApiserver;
  let client: KubeClient;
  beforeAll(async () => {
    server = await startKubeApiserver({ flags: ['--etcd-compaction-interval=1s'] });
    client = await connectKube({ kubeconfig: server.kubeconfig });
    await inParallel(NAMES, 4, (name) => put(name));
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
  });

  async function put(name: string, value = '1'): Promise<void> {
    const metadata = { name, namespace: 'default' };
    orThrow(name, await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } }));
  }

  /** Goes on writing until the place of that page is compacted away. */
  async function forget(continueAt: string): Promise<void> {
    const page = (): ReturnType<KubeClient['list']> =>
      client.list({ type: CONFIG_MAPS, namespace: 'default', limit: 2, continueAt });
    let value = 2;
    await vi.waitFor(
      async () => {
        await put('m11', String((value += 1)));
        expect(await page()).toMatchObject({ ok: false, failure: { kind: 'gone', status: 410 } });
      },
      { timeout: 45_000, interval: 300 },
    );
  }

  it('makes a list begin anew in the middle, which removes nothing until one was whole', async () => {
    const slow = await connectKube({ kubeconfig: server.kubeconfig });
    const list = slow.list.bind(slow);
    const asked: ListRequest[] = [];
    const sizes: number[] = [];
    const view = new ResourceView<string>({ strip: ({ metadata }) => metadata.name });
    view.begin();
    for (const name of [...NAMES, 'deleted-before'])
      view.upsert({ metadata: { name, namespace: 'default', uid: name } } as never);
    view.finish();
    slow.list = async (request) => {
      if (asked.length === 1 && request.continueAt !== undefined) await forget(request.continueAt);
      asked.push(request);
      sizes.push(view.names('default').length);
      return list(request);
    };
    const abort = new AbortController();
    void reflect({
      ...{ client: slow, type: CONFIG_MAPS, namespace: 'default', sink: view, signal: abort.signal },
      ...{ random: () => 0.5, pageSize: 2, backoffMs: { first: 20, longest: 100 } },
    });
    await vi.waitFor(() => expect(view.viewState.state).toBe('current'), { timeout: 50_000 });
    expect(asked.map(({ continueAt }) => continueAt !== undefined)).toEqual([false, true, false]);
    expect(Math.min(...sizes)).toBe(NAMES.length + 1);
    expect(
      view
        .names('default')
        .filter((name) => name !== 'kube-root-ca.crt')
        .sort(),
    ).toEqual(NAMES);
    abort.abort();
    slow.close();
  });
});
