import { objectKey } from '@isthmus/domain';
import type { KubeObject } from '@isthmus/domain';
import { MESH_KINDS } from '@isthmus/installation';
import { silentLogger, systemClock } from '@isthmus/platform';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { HostileGateway, hostileIdentity, seeded } from '../hostile-gateway.fixture.js';
import { memoryIdentityStore } from '../identity/identity.js';
import type { RenderGns } from '../render/wish.js';
import { runAgent } from '../run-agent.js';
import { treeOf } from '../sync/signed.fixture.js';
import { memoryStateStore } from '../sync/state-store.js';
import { memoryTransport } from '../transport/memory-transport.js';
import { allowingOnly } from './allowed-kinds.js';
import { referenceOf } from './cluster-port.js';
import { clusterPortContract, foreign, ours } from './contract.fixture.js';
import { memoryCluster } from './memory-cluster.js';
import type { MemoryCluster } from './memory-cluster.js';

const ENVOY_FILTER = 'networking.istio.io/v1alpha3/EnvoyFilter';

/** An object with our label, of any kind. */
function of(apiVersion: string, kind: string, name = 'x'): KubeObject {
  return { ...ours(name), apiVersion, kind };
}

const HARMFUL: readonly [string, string][] = [
  ['v1', 'Secret'],
  ['v1', 'ConfigMap'],
  ['v1', 'Pod'],
  ['apps/v1', 'DaemonSet'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  ['extensions.istio.io/v1alpha1', 'WasmPlugin'],
  ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
  ['networking.istio.io/v1beta1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'serviceentry'],
  ['evil.example/v1', 'ServiceEntry'],
];

clusterPortContract('a cluster behind the allow-list', () => {
  const cluster = memoryCluster();
  const putForeign = (object: KubeObject): Promise<void> => {
    cluster.objects.set(objectKey(object), object);
    return Promise.resolve();
  };
  return Promise.resolve({ port: allowingOnly(cluster, []), putForeign });
});

describe('the allow-list of kinds', () => {
  it.each(HARMFUL)('lets nobody make %s %s', async (apiVersion, kind) => {
    const cluster = memoryCluster();
    const result = await allowingOnly(cluster, []).apply(of(apiVersion, kind));
    expect(result).toMatchObject({ outcome: 'refused', code: 'ISM0570' });
    expect(cluster.objects.size).toBe(0);
  });

  it('neither looks at nor removes what no renderer makes, though it carries our label', async () => {
    const cluster = memoryCluster();
    const secret = of('v1', 'Secret');
    cluster.objects.set(objectKey(secret), secret);
    const port = allowingOnly(cluster, []);
    expect(await port.observe(referenceOf(secret))).toEqual({ state: 'absent' });
    expect(await port.read(referenceOf(secret))).toEqual({ state: 'absent' });
    expect(await port.remove(referenceOf(secret))).toMatchObject({ outcome: 'refused', code: 'ISM0570' });
    expect(cluster.objects.size).toBe(1);
  });

  it('has every kind of the mesh, and those that the installation opted in to', async () => {
    for (const { group, version, kind, onlyWith } of MESH_KINDS) {
      const object = of(`${group}/${version}`, kind);
      const outcome = async (optedIn: 'envoyFilters'[]): Promise<string> =>
        (await allowingOnly(memoryCluster(), optedIn).apply(object)).outcome;
      expect(await outcome(['envoyFilters'])).toBe('done');
      expect(await outcome([])).toBe(onlyWith === undefined ? 'done' : 'refused');
    }
  });

  it('tells the renderer which kinds are closed, beside those that the cluster denies', async () => {
    const cluster = memoryCluster();
    expect(await allowingOnly(cluster, []).deniedKinds?.()).toEqual([ENVOY_FILTER]);
    expect(await allowingOnly(cluster, ['envoyFilters']).deniedKinds?.()).toEqual([]);
    cluster.deniedKinds = () => Promise.resolve([ENVOY_FILTER, 'a/v1/B']);
    expect(await allowingOnly(cluster, []).deniedKinds?.()).toEqual([ENVOY_FILTER, 'a/v1/B']);
  });

  it('lets what was once opted in to go away', async () => {
    const cluster = memoryCluster();
    const filter = of('networking.istio.io/v1alpha3', 'EnvoyFilter');
    await allowingOnly(cluster, ['envoyFilters']).apply(filter);
    expect(await allowingOnly(cluster, []).remove(referenceOf(filter))).toMatchObject({ outcome: 'done' });
    expect(cluster.objects.size).toBe(0);
  });

  it('holds for whatever name a kind has', async () => {
    const word = fc.string({ maxLength: 20 });
    const known = new Set(MESH_KINDS.map(({ group, version, kind }) => `${group}/${version}/${kind}`));
    await fc.assert(
      fc.asyncProperty(word, word, async (apiVersion, kind) => {
        const { outcome } = await allowingOnly(memoryCluster(), ['envoyFilters']).apply(of(apiVersion, kind));
        expect(outcome).toBe(known.has(`${apiVersion}/${kind}`) ? 'done' : 'refused');
      }),
    );
  });
});

/** What a centre in other hands would have rendered, signed as it should be: one object of each kind, and one good one. */
const renderHarm: RenderGns = () => ({
  kind: 'objects',
  keepHosts: new Set(),
  issues: [],
  objects: [...HARMFUL.map(([apiVersion, kind], at) => of(apiVersion, kind, `harm-${String(at)}`)), ours('good')].map(
    (object) => ({ side: 'owner' as const, order: 0, object }),
  ),
});

describe('an agent whose signed configuration asks for other kinds', () => {
  /** Runs until the good object stands; answers what the agent said of its policy. */
  async function run(cluster: MemoryCluster): Promise<string[]> {
    const gateway = new HostileGateway(seeded(3));
    gateway.calm = true;
    gateway.publish(treeOf('a'));
    const abort = new AbortController();
    const running = runAgent({
      ...{ identity: hostileIdentity, identities: memoryIdentityStore(hostileIdentity), cluster },
      ...{ state: memoryStateStore(), render: renderHarm, clock: systemClock, log: silentLogger() },
      gate: { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) },
      ...{ bootId: 'boot', version: 'spec', agentNamespace: 'isthmus-system' },
      ...{ transport: () => memoryTransport(gateway.accept), random: () => 0.001, signal: abort.signal },
    });
    await vi.waitFor(() => expect(gateway.applied).not.toEqual([]), { timeout: 10_000 });
    abort.abort();
    await running;
    return gateway.applied.flatMap(({ issues }) => issues.map(({ code }) => code));
  }

  it('makes the good object and none of the others, and says so with a number', async () => {
    const cluster = memoryCluster();
    const codes = await run(cluster);
    expect([...cluster.objects.keys()]).toEqual([objectKey(ours('good'))]);
    expect(codes.filter((code) => code === 'ISM0570')).toHaveLength(HARMFUL.length);
    expect(cluster.record.owned.map(({ name }) => name)).toEqual(['good']);
  });

  it('is not led to remove by a record that somebody wrote', async () => {
    const cluster = memoryCluster();
    const secret = of('v1', 'Secret', 'database');
    cluster.objects.set(objectKey(secret), secret);
    cluster.objects.set(objectKey(foreign('b')), foreign('b'));
    const owned = { ...referenceOf(secret), gns: 'g1', side: 'owner' as const, order: 0, hash: 'h' };
    cluster.record = { fences: [], owned: [owned] };
    await run(cluster);
    expect(cluster.objects.has(objectKey(secret))).toBe(true);
  });
});
