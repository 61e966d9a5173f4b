import type { KubeObject } from '@isthmus/domain';
import { probeKubernetes, real, startKubeApiserver, startMutingProxy, type KubeApiserver } from '@isthmus/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { KubeClient } from './client.js';
import { connectKube } from './connect.js';
import { reflect, type ReflectorOptions } from './reflector.js';
import { resourceType } from './resource-type.js';
import { ResourceView } from './resource-view.js';
import { fail, orThrow } from './result.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const CONFIG_MAPS = resourceType('v1', 'ConfigMap', 'configmaps');
const NAMESPACES = resourceType('v1', 'Namespace', 'namespaces');

onKubernetes('list and watch on a real apiserver', () => {
  let server: KubeApiserver;
  let client: KubeClient;
  const stops: (() => void)[] = [];
  beforeAll(async () => {
    server = await startKubeApiserver({ users: ['limited'] });
    client = await connectKube({ kubeconfig: server.kubeconfig });
  });
  afterEach(() => stops.splice(0).forEach((stop) => stop()));
  afterAll(async () => {
    client?.close();
    await server?.stop();
  });

  async function namespace(name: string): Promise<void> {
    orThrow(name, await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  }

  async function put(at: string, name: string, value = '1'): Promise<void> {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: at }, data: { value } };
    orThrow(name, await client.apply(object));
  }

  async function drop(at: string, name: string): Promise<void> {
    const live = orThrow(name, await client.getOf(CONFIG_MAPS, { namespace: at, name }));
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: at, name };
    orThrow(name, await client.remove(ref, live.metadata.uid ?? ''));
  }

  function follow(at: string | undefined, options: Partial<ReflectorOptions> = {}): ResourceView<string> {
    const view = new ResourceView<string>({ strip: (object: KubeObject) => JSON.stringify(object['data']) });
    const abort = new AbortController();
    stops.push(() => abort.abort());
    const backoffMs = { first: 20, longest: 200 };
    const base = {
      client,
      type: CONFIG_MAPS,
      namespace: at,
      sink: view,
      signal: abort.signal,
      random: () => 0.5,
      backoffMs,
    };
    void reflect({ ...base, ...options });
    return view;
  }

  it('follows what comes, changes and goes, through several pages', async () => {
    await namespace('paged');
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put('paged', name);
    const view = follow('paged', { pageSize: 2 });
    await vi.waitFor(() => expect(view.viewState.state).toBe('current'), 10_000);
    expect(view.names('paged').sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    await put('paged', 'f');
    await put('paged', 'a', '2');
    await drop('paged', 'b');
    await vi.waitFor(() => {
      expect(view.names('paged').sort()).toEqual(['a', 'c', 'd', 'e', 'f']);
      expect(view.get('paged', 'a')?.value).toBe('{"value":"2"}');
    }, 10_000);
  });

  it('concludes nothing from half a list, and everything from the next whole one', async () => {
    await namespace('half');
    for (const name of ['a', 'b', 'c', 'd']) await put('half', name);
    const half = await connectKube({ kubeconfig: server.kubeconfig });
    const view = follow('half', { client: half, pageSize: 2 });
    await vi.waitFor(() => expect(view.size).toBe(4), 10_000);
    let pages = 0;
    let broken = true;
    const list = half.list.bind(half);
    half.list = (request) => {
      pages += 1;
      if (broken && request.continueAt !== undefined)
        return Promise.resolve(fail({ kind: 'transient', message: 'cut' }));
      return list(request);
    };
    vi.spyOn(half.transport, 'open').mockResolvedValueOnce(fail({ kind: 'gone', message: 'compacted' }));
    stops.shift()?.();
    const second = new AbortController();
    stops.push(() => second.abort());
    void reflect({
      client: half,
      type: CONFIG_MAPS,
      namespace: 'half',
      sink: view,
      signal: second.signal,
      random: () => 0.5,
      pageSize: 2,
      backoffMs: { first: 20, longest: 100 },
    });
    await drop('half', 'd');
    await vi.waitFor(() => expect(pages).toBeGreaterThan(4), 10_000);
    expect(view.names('half').sort()).toEqual(['a', 'b', 'c', 'd']);
    broken = false;
    await vi.waitFor(() => expect(view.names('half').sort()).toEqual(['a', 'b', 'c']), 10_000);
    half.close();
  });

  it('notices a watch that died silently and goes on from where it was', async () => {
    await namespace('silent');
    const proxy = await startMutingProxy(server.port);
    const far = await connectKube({ kubeconfig: server.kubeconfigOf('admin', proxy.port) });
    const view = follow('silent', { client: far, stallMs: 400 });
    await vi.waitFor(() => expect(view.viewState.state).toBe('current'), 10_000);
    proxy.muteOpen();
    await put('silent', 'late');
    await vi.waitFor(() => expect(view.names('silent')).toEqual(['late']), 5000);
    far.close();
    await proxy.close();
  });

  it('is stale, and forgets nothing, while nothing can be heard', async () => {
    await namespace('deaf');
    await put('deaf', 'kept');
    const proxy = await startMutingProxy(server.port);
    const far = await connectKube({ kubeconfig: server.kubeconfigOf('admin', proxy.port) }, { timeoutMs: 300 });
    const view = follow('deaf', { client: far, stallMs: 200, graceMs: 500 });
    await vi.waitFor(() => expect(view.viewState.state).toBe('current'), 10_000);
    proxy.muteAll(true);
    await vi.waitFor(() => expect(view.viewState.state).toBe('stale'), 5000);
    expect(view.names('deaf')).toEqual(['kept']);
    proxy.muteAll(false);
    await vi.waitFor(() => expect(view.viewState.state).toBe('current'), 5000);
    far.close();
    await proxy.close();
  });

  it('takes a whole list again when the apiserver has forgotten where the watch was (410)', async () => {
    await namespace('forgotten');
    await put('forgotten', 'a');
    await server.kill();
    await server.restart();
    const behind = await connectKube({ kubeconfig: server.kubeconfig });
    const list = behind.list.bind(behind);
    let lists = 0;
    behind.list = async (request) => {
      const page = await list(request);
      lists += 1;
      return lists === 1 && page.ok ? { ok: true, value: { ...page.value, resourceVersion: '1' } } : page;
    };
    const view = follow('forgotten', { client: behind });
    await vi.waitFor(() => expect(lists).toBe(2), 10_000);
    await put('forgotten', 'b');
    await vi.waitFor(() => expect(view.names('forgotten').sort()).toEqual(['a', 'b']), 10_000);
    expect(view.viewState.state).toBe('current');
    behind.close();
  });

  it('says forbidden where it may not list', async () => {
    const limited = await connectKube({ kubeconfig: server.kubeconfigOf('limited') });
    const view = follow('default', { client: limited });
    await vi.waitFor(
      () => expect(view.viewState).toMatchObject({ state: 'forbidden', failure: { status: 403 } }),
      10_000,
    );
    limited.close();
  });

  it('comes back after the apiserver was killed', async () => {
    await namespace('killed');
    await put('killed', 'a');
    const view = follow('killed');
    await vi.waitFor(() => expect(view.size).toBe(1), 10_000);
    await server.kill();
    expect(await client.version()).toMatchObject({ ok: false, failure: { kind: 'transient' } });
    await server.restart();
    await put('killed', 'b');
    await vi.waitFor(() => expect(view.names('killed').sort()).toEqual(['a', 'b']), 20_000);
  });
});
