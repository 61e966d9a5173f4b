import { objectKey } from '@isthmus/domain';
import { connectKube } from '@isthmus/kube';
import { contentHash, renderedHash } from '@isthmus/meshes';
import {
  installIstioCrds,
  probeKubernetes,
  real,
  startKubeApiserver,
  startMutingProxy,
  type KubeApiserver,
} from '@isthmus/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { AGENT_NAMESPACE, issuesOf, refOfRendered, rendered, round, Scene } from './cluster-scene.fixture.js';

const onKubernetes = await real('kubernetes', probeKubernetes);

onKubernetes('owned objects on a real apiserver', () => {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver();
    await installIstioCrds(server.kubeconfig, ['ServiceEntry']);
    scene = await Scene.on(server);
  });
  afterEach(() => scene.endAgents());
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  it('makes, keeps, changes and removes, and writes nothing when nothing changed', async () => {
    await scene.namespace('life');
    const cluster = await scene.open();
    const [a, b] = [rendered('a', 'life'), rendered('b', 'life')];
    const first = await round(cluster, [a, b]);
    expect(issuesOf(first)).toEqual([]);
    expect(first.record.owned.map(({ uid }) => uid)).toEqual([expect.any(String), expect.any(String)]);
    const before = await scene.live(refOfRendered(a));
    const record = await scene.live({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: AGENT_NAMESPACE,
      name: 'isthmus-record',
    });
    await round(cluster, [a, b], { record: first.record });
    expect((await scene.live(refOfRendered(a)))?.metadata.resourceVersion).toBe(before?.metadata.resourceVersion);
    const recordAfter = await scene.live({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: AGENT_NAMESPACE,
      name: 'isthmus-record',
    });
    expect(recordAfter?.metadata.resourceVersion).toBe(record?.metadata.resourceVersion);
    const third = await round(cluster, [rendered('a', 'life', ['other.test'])]);
    expect((await scene.live(refOfRendered(a)))?.spec).toMatchObject({ hosts: ['other.test'] });
    expect(await scene.live(refOfRendered(b))).toBeUndefined();
    expect(third.record.owned).toHaveLength(1);
    await round(cluster, []);
    expect((await cluster.loadRecord()).owned).toEqual([]);
  });

  it('never touches an object of a user that has our name, with or without our label', async () => {
    await scene.namespace('foreign');
    const cluster = await scene.open();
    const [plain, labelled] = [rendered('plain', 'foreign'), rendered('labelled', 'foreign')];
    const spec = { hosts: ['theirs.test'], ports: [{ number: 1, name: 'tcp' }], resolution: 'STATIC' };
    await scene.put({ ...plain.object, metadata: { name: 'plain', namespace: 'foreign' }, spec });
    await scene.put({ ...labelled.object, spec });
    const result = await round(cluster, [plain, labelled]);
    expect(issuesOf(result).map(({ code }) => code)).toEqual(['ISM0430', 'ISM0430']);
    for (const item of [plain, labelled]) {
      expect((await scene.live(refOfRendered(item)))?.spec).toMatchObject({ hosts: ['theirs.test'] });
    }
    expect(await cluster.apply(plain.object)).toMatchObject({ outcome: 'refused' });
    expect(await cluster.remove(refOfRendered(plain))).toMatchObject({ outcome: 'refused' });
    await round(cluster, []);
    expect(await scene.live(refOfRendered(plain))).toBeDefined();
    expect(await scene.live(refOfRendered(labelled))).toBeDefined();
  });

  it('hears when the object of a user at a wanted name goes, and nothing while it stays', async () => {
    await scene.namespace('leaves');
    const cluster = await scene.open();
    const [mine, theirs] = [rendered('mine', 'leaves'), rendered('theirs', 'leaves')];
    const spec = { hosts: ['theirs.test'], ports: [{ number: 1, name: 'tcp' }], resolution: 'STATIC' };
    await scene.put({ ...theirs.object, metadata: { name: 'theirs', namespace: 'leaves' }, spec });
    expect(issuesOf(await round(cluster, [mine, theirs])).map(({ code }) => code)).toEqual(['ISM0430']);
    let heard = 0;
    const stop = cluster.watch(() => (heard += 1));
    // What the first list of the watch and our own writes bring comes late.
    await new Promise((resolve) => setTimeout(resolve, 500));
    heard = 0;
    await scene.put({
      ...theirs.object,
      metadata: { name: 'theirs', namespace: 'leaves' },
      spec: { ...spec, hosts: ['more.test'] },
    });
    await round(cluster, [mine, theirs]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(heard).toBe(0);
    await scene.drop(refOfRendered(theirs));
    await vi.waitFor(() => expect(heard).toBeGreaterThan(0), 5000);
    expect(issuesOf(await round(cluster, [mine, theirs]))).toEqual([]);
    expect((await scene.live(refOfRendered(theirs)))?.spec).toMatchObject({ hosts: ['theirs.test'] });
    stop();
    await round(cluster, []);
  });

  it('takes its fields out again when somebody makes the object between look and write', async () => {
    await scene.namespace('race');
    const cluster = await scene.open();
    const item = rendered('raced', 'race');
    const ref = refOfRendered(item);
    expect(await cluster.observe(ref)).toEqual({ state: 'absent' });
    const admin = scene.admin;
    const real = await scene.open();
    await cluster.close();
    const { ObjectWrites } = await import('./object-writes.js');
    const { OwnedViews } = await import('./owned-views.js');
    const views = new OwnedViews({
      client: admin,
      signal: AbortSignal.timeout(5000),
      random: () => 0,
      tuning: {},
      changed: () => undefined,
    });
    vi.spyOn(views, 'observe').mockResolvedValueOnce({ state: 'absent' });
    await scene.put({
      ...item.object,
      metadata: { name: 'raced', namespace: 'race' },
      spec: { hosts: ['raced.test'] },
    });
    const written = await new ObjectWrites(admin, views, () => true).apply(item.object);
    expect(written).toMatchObject({ outcome: 'refused', reason: 'it was made by somebody meanwhile' });
    const live = await scene.live(ref);
    expect(live?.spec).toEqual({ hosts: ['raced.test'] });
    expect(live?.metadata.labels).toBeUndefined();
    expect(await real.observe(ref)).toEqual({ state: 'foreign' });
  });

  it('an agent killed between record and create leaves no orphan and loses nothing', async () => {
    await scene.namespace('killed');
    const [a, b] = [rendered('a', 'killed'), rendered('b', 'killed')];
    const first = await scene.open();
    let writes = 0;
    const dying = new Proxy(first, {
      get: (target, name) =>
        name === 'apply' && ++writes > 0
          ? () => Promise.reject(new Error('killed'))
          : (Reflect.get(target, name) as unknown),
    });
    await expect(round(dying, [a, b])).rejects.toThrow('killed');
    expect((await first.loadRecord()).owned.map(({ name }) => name)).toEqual(['a', 'b']);
    await first.close();
    const second = await scene.open();
    const result = await round(second, [a]);
    expect(issuesOf(result)).toEqual([]);
    expect(await scene.live(refOfRendered(a))).toBeDefined();
    expect(await scene.live(refOfRendered(b))).toBeUndefined();
    expect((await second.loadRecord()).owned.map(({ name }) => name)).toEqual(['a']);
    await round(second, []);
  });

  it('an agent killed between create and the next record still owns, and can remove, what it made', async () => {
    await scene.namespace('half-done');
    const item = rendered('made', 'half-done');
    const first = await scene.open();
    let saves = 0;
    const dying = new Proxy(first, {
      get: (target, name) =>
        name === 'saveRecord' && ++saves > 1
          ? () => Promise.reject(new Error('killed'))
          : (Reflect.get(target, name) as unknown),
    });
    await expect(round(dying, [item])).rejects.toThrow('killed');
    expect(await scene.live(refOfRendered(item))).toBeDefined();
    await first.close();
    const second = await scene.open();
    await round(second, []);
    expect(await scene.live(refOfRendered(item))).toBeUndefined();
    expect((await second.loadRecord()).owned).toEqual([]);
  });

  it('an apiserver killed in the middle of the writes costs another round, nothing else', async () => {
    await scene.namespace('outage');
    const items = Array.from({ length: 30 }, (_, index) => rendered(`o-${index}`, 'outage'));
    const cluster = await scene.open({ parallel: 2 });
    let writes = 0;
    const watched = new Proxy(cluster, {
      get: (target, name) => {
        if (name === 'apply' && ++writes === 10) void server.kill();
        return Reflect.get(target, name) as unknown;
      },
    });
    const outcome = await round(watched, items).then(issuesOf, (error: unknown) => String(error));
    expect(JSON.stringify(outcome)).toMatch(/ISM0431|not written/);
    await server.restart();
    await vi.waitFor(async () => expect(issuesOf(await round(cluster, items))).toEqual([]), {
      timeout: 30_000,
      interval: 500,
    });
    for (const item of items) expect(await scene.live(refOfRendered(item))).toBeDefined();
    await round(cluster, []);
    for (const item of items) expect(await scene.live(refOfRendered(item))).toBeUndefined();
  });

  it('says that a CRD is missing, without falling over, and applies once it is there', async () => {
    await scene.namespace('crd');
    const cluster = await scene.open();
    const item = rendered('rule', 'crd');
    const object = { ...item.object, kind: 'DestinationRule', spec: { host: 'rule.test' } };
    const result = await round(cluster, [{ ...item, object }]);
    expect(issuesOf(result)).toEqual([{ code: 'ISM0443', message: expect.stringContaining('is its CRD installed?') }]);
    expect(result.results[0]?.failed).toBe(true);
    await round(cluster, []);
  });

  it('names the namespace that does not exist, and lets go of what was in one that is gone', async () => {
    await scene.namespace('doomed');
    const cluster = await scene.open();
    const item = rendered('x', 'doomed');
    await round(cluster, [item]);
    await scene.drop(refOfRendered(item));
    await scene.endNamespace('doomed');
    const result = await round(cluster, [item]);
    expect(issuesOf(result)).toEqual([
      { code: 'ISM0431', message: expect.stringContaining('the namespace doomed does not exist') },
    ]);
    expect((await round(cluster, [])).record.owned).toEqual([]);
  });

  it('writes nothing into a namespace that is being deleted, says so, and goes on elsewhere', async () => {
    await scene.namespace('ending');
    await scene.namespace('staying');
    const cluster = await scene.open();
    const [old, fresh, other] = [rendered('old', 'ending'), rendered('new', 'ending'), rendered('o', 'staying')];
    await round(cluster, [old]);
    await scene.drop({ apiVersion: 'v1', kind: 'Namespace', name: 'ending' });
    const result = await round(cluster, [old, fresh, other]);
    expect(issuesOf(result)).toEqual([
      { code: 'ISM0431', message: expect.stringContaining('because it is being terminated') as string },
    ]);
    expect(await scene.live(refOfRendered(other))).toBeDefined();
    await round(cluster, []);
    expect(await scene.live(refOfRendered(old))).toBeUndefined();
  });

  it('notices drift although its watch died without a word', async () => {
    await scene.namespace('muted');
    const proxy = await startMutingProxy(server.port);
    const kubeconfig = server.kubeconfigOf('admin', proxy.port);
    const cluster = await scene.open({
      kubeconfig,
      tuning: { stallMs: 500, backoffMs: { first: 20, longest: 200 } },
    });
    const item = rendered('silent', 'muted');
    await round(cluster, [item]);
    proxy.muteOpen();
    await scene.drop(refOfRendered(item));
    await vi.waitFor(async () => expect(await cluster.observe(refOfRendered(item))).toEqual({ state: 'absent' }), {
      timeout: 10_000,
      interval: 100,
    });
    await cluster.close();
    await proxy.close();
  });

  it('has no more writes under way than its budget, and uses it', async () => {
    await scene.namespace('budget');
    const client = await connectKube({ kubeconfig: server.kubeconfig });
    const cluster = await scene.open({ client, parallel: 3 });
    const apply = client.apply.bind(client);
    let [now, most] = [0, 0];
    client.apply = async (object, options) => {
      most = Math.max(most, (now += 1));
      return apply(object, options).finally(() => (now -= 1));
    };
    await round(
      cluster,
      Array.from({ length: 40 }, (_, index) => rendered(`b-${String(index)}`, 'budget')),
    );
    expect(most).toBe(3);
    await round(cluster, []);
  });

  it('heals a removal and reports it within seconds', async () => {
    await scene.namespace('drift');
    const cluster = await scene.open();
    const item = rendered('gone', 'drift');
    await round(cluster, [item]);
    const changed = new Promise<void>((resolve) => cluster.watch(() => resolve()));
    await scene.drop(refOfRendered(item));
    await changed;
    await vi.waitFor(
      async () => expect(await cluster.observe(refOfRendered(item))).toEqual({ state: 'absent' }),
      10_000,
    );
    expect(issuesOf(await round(cluster, [item]))).toMatchObject([{ code: 'ISM0433' }]);
    expect(await scene.live(refOfRendered(item))).toBeDefined();
    await round(cluster, []);
  });

  it('is not woken by what it writes itself, and by another hand for that object alone', async () => {
    await scene.namespace('news');
    const cluster = await scene.open();
    const [one, two] = [rendered('one', 'news'), rendered('two', 'news')];
    await round(cluster, [one, two]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const hints: unknown[] = [];
    const stop = cluster.watch((hint) => hints.push(hint));
    const changed = rendered('one', 'news', ['other.test']);
    await round(cluster, [changed, two]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(hints).toEqual([]);
    expect((await scene.live(refOfRendered(changed)))?.spec).toMatchObject({ hosts: ['other.test'] });
    expect(await cluster.observe(refOfRendered(changed))).toMatchObject({ hash: renderedHash(changed.object) });
    await scene.drop(refOfRendered(two));
    await vi.waitFor(() => expect(hints).toEqual([{ what: 'object', key: objectKey(refOfRendered(two)) }]), 5000);
    stop();
    await round(cluster, []);
  });

  it('attributes a change to its manager, never takes the field back by force, and does not ask again in vain', async () => {
    await scene.namespace('held');
    const client = await connectKube({ kubeconfig: server.kubeconfig });
    const cluster = await scene.open({ client });
    const item = rendered('held', 'held');
    const ref = refOfRendered(item);
    await round(cluster, [item]);
    await scene.edit(ref, { spec: { hosts: ['stolen.test'] } });
    await vi.waitFor(
      async () => expect(await cluster.observe(ref)).toMatchObject({ others: ['kubectl-edit (.spec.hosts)'] }),
      10_000,
    );
    const seen = issuesOf(await round(cluster, [item]));
    expect(seen).toEqual([{ code: 'ISM0441', message: expect.stringContaining('kubectl-edit holds .spec.hosts') }]);
    expect((await scene.live(ref))?.spec).toMatchObject({ hosts: ['stolen.test'] });
    const asked = vi.spyOn(client, 'apply');
    expect(await cluster.apply(item.object)).toMatchObject({ outcome: 'failed', code: 'ISM0441' });
    expect(asked).not.toHaveBeenCalled();
    await scene.edit(ref, { spec: { hosts: ['held.test'] } });
    await vi.waitFor(async () => {
      expect(issuesOf(await round(cluster, [item]))).toEqual([]);
      expect((await scene.live(ref))?.spec).toMatchObject({ hosts: ['held.test'] });
    }, 10_000);
    await round(cluster, []);
  });

  it('puts back a field that was deleted, and reports fields that were added', async () => {
    await scene.namespace('fields');
    const cluster = await scene.open();
    const item = rendered('f', 'fields');
    const ref = refOfRendered(item);
    await round(cluster, [item]);
    await scene.edit(ref, { spec: { location: null } });
    await vi.waitFor(
      async () => expect(await cluster.observe(ref)).not.toMatchObject({ hash: contentHash(item.object) }),
      10_000,
    );
    expect(issuesOf(await round(cluster, [item]))).toMatchObject([{ code: 'ISM0433' }]);
    expect((await scene.live(ref))?.spec).toMatchObject({ location: 'MESH_INTERNAL' });
    await scene.edit(ref, { spec: { exportTo: ['.'] } });
    await vi.waitFor(
      async () =>
        expect(issuesOf(await round(cluster, [item]))).toEqual([
          { code: 'ISM0442', message: expect.stringContaining('kubectl-edit (.spec.exportTo)') },
        ]),
      10_000,
    );
    await round(cluster, []);
  });

  it('does not delete an object that somebody made anew under our name', async () => {
    await scene.namespace('anew');
    const cluster = await scene.open();
    const item = rendered('n', 'anew');
    const { record } = await round(cluster, [item]);
    await scene.drop(refOfRendered(item));
    await scene.put(item.object);
    expect(await cluster.remove(refOfRendered(item), record.owned[0]?.uid)).toMatchObject({ outcome: 'refused' });
    expect(issuesOf(await round(cluster, [], { record })).map(({ code }) => code)).toEqual(['ISM0430']);
    expect(await scene.live(refOfRendered(item))).toBeDefined();
    await scene.drop(refOfRendered(item));
    await round(cluster, []);
  });

  it('prints how fast 2,000 objects are applied', async () => {
    await scene.namespace('many');
    const items = Array.from({ length: 2000 }, (_, index) => rendered(`m-${index}`, 'many'));
    const cluster = await scene.open();
    const began = performance.now();
    const result = await round(cluster, items);
    const seconds = (performance.now() - began) / 1000;
    expect(issuesOf(result)).toEqual([]);
    const idle = performance.now();
    await round(cluster, items, { record: result.record });
    const again = performance.now() - idle;
    const removal = performance.now();
    await round(cluster, []);
    const removed = (performance.now() - removal) / 1000;
    console.log(
      `2,000 objects: made in ${seconds.toFixed(1)} s (${(2000 / seconds).toFixed(0)}/s), compared again in ${again.toFixed(0)} ms, removed in ${removed.toFixed(1)} s`,
    );
    expect(objectKey(refOfRendered(items[0] ?? rendered('', '')))).toContain('m-0');
  }, 180_000);
});
