import {
  EDGE_VERSIONS,
  type EdgeVersion,
  type KubeApiserver,
  probeKubernetes,
  probeKubernetesVersions,
  real,
  startKubeApiserver,
} from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clusterPortContract, ours } from '../contract.fixture.js';
import { referenceOf } from '../cluster-port.js';
import { AGENT_NAMESPACE, Scene } from './cluster-scene.fixture.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const onVersions = await real('kubernetes-versions', probeKubernetesVersions);

/** The contract on one apiserver, and what else differs most between versions: apply, conflicts and drift. */
function contractOn(name: string, version?: EdgeVersion): void {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver({ version });
    scene = await Scene.on(server);
    await scene.namespace('shop');
    await scene.anyServiceEntry();
  });
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  clusterPortContract(name, async () => {
    await scene.endAgents();
    const record = [...'0123456789abcdef'].map((part) => `isthmus-record-${part}`);
    const leftovers = ['isthmus-record', ...record].map((part) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: AGENT_NAMESPACE,
      name: part,
    }));
    for (const ref of [referenceOf(ours('a')), ...leftovers])
      if ((await scene.live(ref)) !== undefined) await scene.drop(ref);
    return { port: await scene.open(), putForeign: async (object) => void (await scene.put(object)) };
  });

  it(`is a server that says which version it is`, async () => {
    const said = await scene.admin.version();
    expect(said).toMatchObject({ ok: true, value: expect.stringContaining(`v${version ?? '1.'}`) as string });
  });

  it('reads the inventory, follows it, and attributes a change of an owned object to who made it', async () => {
    await scene.endAgents();
    const cluster = await scene.open();
    expect(await cluster.readInventory()).toMatchObject({ complete: true, issues: [] });
    await cluster.apply(ours('drift', { n: 1 }));
    await scene.edit(referenceOf(ours('drift')), { spec: { n: 2 } });
    await vi.waitFor(
      async () =>
        expect(await cluster.observe(referenceOf(ours('drift')))).toMatchObject({ others: ['kubectl-edit (.spec.n)'] }),
      { timeout: 20_000, interval: 50 },
    );
    expect(await cluster.apply(ours('drift', { n: 1 }))).toMatchObject({ outcome: 'failed', code: 'ISM0441' });
    await scene.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'late' } });
    await vi.waitFor(
      async () => {
        const { inventory } = await cluster.readInventory();
        expect(inventory.namespaces.map(({ name: each }) => each)).toContain('late');
      },
      { timeout: 20_000, interval: 50 },
    );
  });
}

onKubernetes("the contract of cluster ports on the testbed's Kubernetes", () => contractOn('a real apiserver'));

onVersions('the contract of cluster ports on the edges of what is supported', () => {
  describe.each(EDGE_VERSIONS)('Kubernetes %s', (version) => contractOn(`an apiserver ${version}`, version));
});
