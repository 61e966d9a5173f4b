import type { KubeObject } from '@isthmus/domain';
import { fail } from '@isthmus/kube';
import { probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { connectKube } from '@isthmus/kube';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { InventoryChain } from '../../observe/inventory-chain.js';
import type { ClusterPort, InventoryReading } from '../cluster-port.js';
import { unpacked } from '../unpacked.fixture.js';
import { AGENT_NAMESPACE, Scene } from './cluster-scene.fixture.js';

const onKubernetes = await real('kubernetes', probeKubernetes);

function service(name: string, namespace: string, spec: object = {}): KubeObject {
  const ports = [{ name: 'http', port: 80 }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports, ...spec },
  };
}

function pod(name: string, namespace: string, owner?: string): KubeObject {
  const ownerReferences =
    owner === undefined ? [] : [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner }];
  const metadata = { name, namespace, labels: { app: name }, ownerReferences };
  const spec = {
    serviceAccountName: 'runner',
    containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

function deployment(name: string, namespace: string): KubeObject {
  const { metadata, spec } = pod(name, namespace);
  const template = { metadata: { labels: metadata.labels }, spec };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: { app: name } }, template },
  };
}

const RULES = [
  { apiGroups: [''], resources: ['services', 'pods', 'configmaps'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: ['get', 'list', 'watch'] },
];

onKubernetes('the inventory of a real apiserver', () => {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver({ users: ['limited'] });
    scene = await Scene.on(server);
  });
  afterEach(() => scene.endAgents());
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  async function until(cluster: ClusterPort, check: (reading: InventoryReading) => void): Promise<void> {
    await vi.waitFor(async () => check(await cluster.readInventory()), { timeout: 10_000, interval: 30 });
  }

  async function allow(namespace: string): Promise<void> {
    const api = 'rbac.authorization.k8s.io';
    await scene.put({ apiVersion: `${api}/v1`, kind: 'Role', metadata: { name: 'read', namespace }, rules: RULES });
    const subjects = [{ apiGroup: api, kind: 'User', name: 'limited' }];
    const roleRef = { apiGroup: api, kind: 'Role', name: 'read' };
    await scene.put({
      apiVersion: `${api}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'read', namespace },
      roleRef,
      subjects,
    });
  }

  it('reads namespaces, services, templates and bare pods, and no pods of workloads', async () => {
    await scene.namespace('shop', { team: 'a' });
    await scene.put(service('cart', 'shop', { clusterIP: 'None' }));
    await scene.put(deployment('cart', 'shop'));
    await scene.put(pod('alone', 'shop'));
    await scene.put(pod('owned', 'shop', 'some-replica-set'));
    const cluster = await scene.open({ tuning: { pageSize: 2 } });
    const reading = await cluster.readInventory();
    expect(reading).toMatchObject({ complete: true, unreadable: [], issues: [] });
    expect(unpacked(reading, 'shop')).toMatchObject({
      labels: { team: 'a' },
      readable: true,
      services: [{ name: 'cart', headless: true, selector: { app: 'cart' }, ports: [{ name: 'http', number: 80 }] }],
      workloads: [
        { kind: 'Pod', name: 'alone', serviceAccount: 'runner' },
        { kind: 'Deployment', name: 'cart', labels: { app: 'cart' }, ports: [{ number: 80 }] },
      ],
    });
    expect(await cluster.uid()).toBe(
      (await scene.live({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }))?.metadata.uid,
    );
  });

  it('finds mesh facts and east-west gateways, and believes no ConfigMap of another namespace', async () => {
    await scene.namespace('istio-system');
    await scene.namespace('tenant');
    const mesh = 'trustDomain: one.example\ndefaultConfig:\n  proxyMetadata:\n    ISTIO_META_DNS_CAPTURE: "true"\n';
    const config = (namespace: string, text: string): KubeObject => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace } },
      data: { mesh: text },
    });
    await scene.put(config('istio-system', mesh));
    await scene.put(config('tenant', 'trustDomain: evil.example'));
    const spec = { type: 'LoadBalancer', ports: [{ name: 'tls', port: 15443 }] };
    const gateway = service('istio-eastwestgateway', 'istio-system', spec);
    gateway.metadata.labels = { istio: 'eastwestgateway' };
    await scene.put(gateway);
    const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'istio-system', name: 'istio-eastwestgateway' };
    const status = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } } };
    const path = `/api/v1/namespaces/${ref.namespace}/services/${ref.name}/status`;
    const contentType = 'application/merge-patch+json';
    await scene.admin.transport.request({ method: 'PATCH', path, body: status, contentType });
    const { inventory } = await (await scene.open()).readInventory();
    expect(inventory.mesh).toMatchObject({ kind: 'istio', trustDomain: 'one.example', dnsCapture: true });
    expect(inventory.gateways).toMatchObject([{ namespace: 'istio-system', addresses: ['192.0.2.7'], port: 15443 }]);
  });

  it('follows what comes and goes, tells its listeners, and reads nothing anew that did not change', async () => {
    await scene.namespace('moving');
    const cluster = await scene.open();
    const first = await cluster.readInventory();
    const changed = vi.fn();
    cluster.watch(changed);
    await scene.put(service('new', 'moving'));
    await until(cluster, (reading) => expect(unpacked(reading, 'moving')?.services).toHaveLength(1));
    await vi.waitFor(() => expect(changed).toHaveBeenCalled(), 10_000);
    const then = await cluster.readInventory();
    const packed = ({ inventory }: InventoryReading) => inventory.namespaces.find(({ name }) => name === 'default');
    expect(packed(then)).toBe(packed(first));
    expect(await cluster.readInventory()).toBe(then);
    await scene.drop({ apiVersion: 'v1', kind: 'Service', namespace: 'moving', name: 'new' });
    await until(cluster, (reading) => expect(unpacked(reading, 'moving')?.services).toEqual([]));
    await scene.namespace('passing');
    await until(cluster, (reading) => expect(unpacked(reading, 'passing')).toBeDefined());
    await scene.endNamespace('passing');
    await until(cluster, (reading) => expect(unpacked(reading, 'passing')).toBeUndefined());
  });

  it('says that a namespace is unreadable, never that it is empty, and reads the others in full', async () => {
    const api = 'rbac.authorization.k8s.io';
    const metadata = { name: 'limited' };
    const rules = [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['*'] },
    ];
    await scene.put({ apiVersion: `${api}/v1`, kind: 'ClusterRole', metadata, rules });
    const subjects = [{ apiGroup: api, kind: 'User', name: 'limited' }];
    const roleRef = { apiGroup: api, kind: 'ClusterRole', name: 'limited' };
    await scene.put({ apiVersion: `${api}/v1`, kind: 'ClusterRoleBinding', metadata, roleRef, subjects });
    await scene.namespace('closed');
    await scene.namespace('open');
    await scene.put(service('hidden', 'closed'));
    await scene.put(service('seen', 'open'));
    await allow('open');
    const cluster = await scene.open({ kubeconfig: server.kubeconfigOf('limited') });
    await until(cluster, (reading) => {
      expect(unpacked(reading, 'open')).toMatchObject({ readable: true, services: [{ name: 'seen' }] });
      expect(unpacked(reading, 'closed')).toMatchObject({ readable: false, services: [] });
      expect(reading.unreadable).toContain('closed');
      expect(reading.complete).toBe(true);
      expect(reading.issues.map(({ code }) => code)).toContain('ISM0444');
    });
  });

  it('knows nothing, and says so, where not even namespaces may be listed', async () => {
    await scene.drop({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'limited' });
    const cluster = await scene.open({ kubeconfig: server.kubeconfigOf('limited') });
    const reading = await cluster.readInventory();
    expect(reading).toMatchObject({ complete: false, inventory: { namespaces: [] } });
    expect(reading.issues.map(({ code }) => code)).toContain('ISM0445');
  });

  it('announces nothing of a namespace, and nothing as complete, while a list is cut short', async () => {
    await scene.namespace('half');
    for (const name of ['a', 'b', 'c']) await scene.put(service(name, 'half'));
    const client = await connectKube({ kubeconfig: server.kubeconfig });
    let isCut = true;
    const list = client.list.bind(client);
    client.list = (request) => {
      const isLater = request.type.kind === 'Service' && request.continueAt !== undefined;
      return isCut && isLater ? Promise.resolve(fail({ kind: 'transient', message: 'cut' })) : list(request);
    };
    vi.useFakeTimers({ toFake: ['performance'] });
    const cluster = await scene.open({ client, tuning: { pageSize: 2, backoffMs: { first: 20, longest: 100 } } });
    const pending = cluster.readInventory();
    await new Promise((resolve) => setTimeout(resolve, 500));
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(60_000);
    const reading = await pending;
    vi.useRealTimers();
    expect(reading.complete).toBe(false);
    expect(unpacked(reading, 'half')).toMatchObject({ readable: false, services: [] });
    const chain = new InventoryChain('boot');
    chain.observe(reading);
    expect(chain.position()).toBeUndefined();
    isCut = false;
    await until(cluster, (later) => {
      expect(later.complete).toBe(true);
      expect(unpacked(later, 'half')?.services).toHaveLength(3);
    });
  });

  it('concludes nothing while one kind of all cannot be listed, and says which', async () => {
    await scene.namespace('partial');
    await scene.put(service('seen', 'partial'));
    await scene.put(deployment('unseen', 'partial'));
    const client = await connectKube({ kubeconfig: server.kubeconfig });
    const first = await scene.open({ client });
    await until(first, (reading) => expect(unpacked(reading, 'partial')?.workloads).toHaveLength(1));
    await first.close();
    const failing = await connectKube({ kubeconfig: server.kubeconfig });
    let isBroken = true;
    const list = failing.list.bind(failing);
    failing.list = (request) =>
      isBroken && request.type.kind === 'Deployment'
        ? Promise.resolve(fail({ kind: 'transient', message: 'etcdserver: request timed out', status: 500 }))
        : list(request);
    vi.useFakeTimers({ toFake: ['performance'] });
    const cluster = await scene.open({ client: failing });
    const pending = cluster.readInventory();
    await new Promise((resolve) => setTimeout(resolve, 500));
    vi.advanceTimersByTime(60_000);
    const reading = await pending;
    vi.useRealTimers();
    expect(reading).toMatchObject({ complete: false, unreadable: [] });
    expect(unpacked(reading, 'partial')).toMatchObject({ readable: false, services: [], workloads: [] });
    expect(reading.issues).toContainEqual(
      expect.objectContaining({ code: 'ISM0445', message: expect.stringContaining('timed out') as string }),
    );
    isBroken = false;
    await until(cluster, (later) => {
      expect(later.complete).toBe(true);
      expect(unpacked(later, 'partial')?.workloads).toHaveLength(1);
    });
  });

  it('keeps at the centre what was known of a namespace that became unreadable', async () => {
    await scene.namespace('fading');
    await scene.put(service('kept', 'fading'));
    const full = await (await scene.open()).readInventory();
    const chain = new InventoryChain('boot');
    chain.observe(full);
    while (chain.hasNews()) chain.next();
    const namespaces = full.inventory.namespaces.map((namespace) =>
      namespace.name === 'fading' ? { ...namespace, readable: false, entry: undefined } : namespace,
    );
    chain.observe({ ...full, unreadable: ['fading'], inventory: { ...full.inventory, namespaces } });
    expect(chain.hasNews()).toBe(false);
    const without = namespaces.filter(({ name }) => name !== 'fading');
    chain.observe({ ...full, inventory: { ...full.inventory, namespaces: without } });
    expect(chain.next()?.remove).toEqual(['namespace/fading']);
    expect(AGENT_NAMESPACE).toBe('isthmus-system');
  });
});
