import type { KubeObject } from '@isthmus/domain';
import { probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { afterAll, beforeAll, vi } from 'vitest';
import { clusterPortContract, foreign, ours } from '../contract.fixture.js';
import { referenceOf } from '../cluster-port.js';
import { AGENT_NAMESPACE, Scene } from './cluster-scene.fixture.js';

const onKubernetes = await real('kubernetes', probeKubernetes);

/** A ServiceEntry whose spec takes everything, since the contract is not about Istio. */
const CRD: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'serviceentries.networking.istio.io' },
  spec: {
    group: 'networking.istio.io',
    scope: 'Namespaced',
    names: { kind: 'ServiceEntry', plural: 'serviceentries', singular: 'serviceentry', listKind: 'ServiceEntryList' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        },
      },
    ],
  },
};

onKubernetes('the contract of cluster ports', () => {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver();
    scene = await Scene.on(server);
    await scene.namespace('shop');
    await scene.put(CRD);
    await vi.waitFor(
      () => {
        scene.admin.discovery.forget('networking.istio.io/v1');
        return scene.put(foreign('probe'));
      },
      { timeout: 20_000, interval: 100 },
    );
  });
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  clusterPortContract('a real apiserver', async () => {
    await scene.endAgents();
    const record = [...'0123456789abcdef'].map((part) => `isthmus-record-${part}`);
    const leftovers = ['isthmus-record', ...record].map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: AGENT_NAMESPACE,
      name,
    }));
    for (const ref of [referenceOf(ours('a')), ...leftovers])
      if ((await scene.live(ref)) !== undefined) await scene.drop(ref);
    return { port: await scene.open(), putForeign: async (object) => void (await scene.put(object)) };
  });
});
