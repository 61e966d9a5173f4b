import { LABELS, MANAGED_BY, objectKey, type KubeObject, type KubeObjectRef } from '@isthmus/domain';
import { connectKube, orThrow, resourceType, type KubeClient } from '@isthmus/kube';
import { withContentHash, type RenderedObject } from '@isthmus/meshes';
import { systemClock } from '@isthmus/platform';
import type { KubeApiserver } from '@isthmus/testing';
import { vi } from 'vitest';
import { createBreaker } from '../../apply/breaker.js';
import { createLeads } from '../../apply/leads.js';
import { createLingers } from '../../apply/lingers.js';
import { createMoves } from '../../apply/moves.js';
import { createPruneGate } from '../../apply/prune-gate.js';
import { runRound, type RoundResult } from '../../apply/run-round.js';
import type { ClusterPort, ClusterRecord } from '../cluster-port.js';
import { openKubernetesCluster, type KubernetesCluster, type KubernetesClusterOptions } from './kubernetes-cluster.js';

export const AGENT_NAMESPACE = 'isthmus-system';
export const GNS = 'gns-1';

/** A service entry as a renderer would make it. */
export function rendered(name: string, namespace: string, hosts: string[] = [`${name}.test`]): RenderedObject {
  const labels = { [LABELS.managedBy]: MANAGED_BY, [LABELS.globalNamespace]: 'default.demo' };
  const spec = { hosts, location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 80, name: 'http' }] };
  const object = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace, labels },
    spec,
  };
  return { side: 'owner', order: 1, object: withContentHash(object) };
}

export function refOfRendered({ object }: RenderedObject): KubeObjectRef {
  const { name, namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name };
}

/** A ServiceEntry whose spec takes everything, since the contract is not about Istio. */
const ANY_SERVICE_ENTRY: KubeObject = {
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

/** Clients and clusters of one spec on one apiserver; `close` ends them all. */
export class Scene {
  readonly #clusters: KubernetesCluster[] = [];

  private constructor(
    readonly server: KubeApiserver,
    readonly admin: KubeClient,
  ) {}

  static async on(server: KubeApiserver): Promise<Scene> {
    const scene = new Scene(server, await connectKube({ kubeconfig: server.kubeconfig }));
    await scene.namespace(AGENT_NAMESPACE);
    return scene;
  }

  /** A cluster port as one agent process has it. */
  async open(options: Partial<KubernetesClusterOptions> & { kubeconfig?: string } = {}): Promise<KubernetesCluster> {
    const client =
      options.client ??
      (await connectKube({ kubeconfig: options.kubeconfig ?? this.server.kubeconfig }, { timeoutMs: 5000 }));
    const cluster = openKubernetesCluster({
      client,
      agentNamespace: AGENT_NAMESPACE,
      holder: `agent-${Math.random().toString(36).slice(2)}`,
      clock: systemClock,
      random: () => 0.5,
      tuning: { backoffMs: { first: 20, longest: 200 } },
      changeEveryMs: 20,
      patienceMs: 0,
      ...options,
    });
    await cluster.hold().catch(() => undefined);
    this.#clusters.push(cluster);
    return cluster;
  }

  /** Ends the ports of this test, as a graceful stop of their agents. */
  async endAgents(): Promise<void> {
    for (const cluster of this.#clusters.splice(0)) await cluster.close();
  }

  async close(): Promise<void> {
    await this.endAgents();
    this.admin.close();
  }

  async namespace(name: string, labels: Record<string, string> = {}): Promise<void> {
    await this.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  }

  /** Serves ServiceEntries of any content, without Istio. */
  async anyServiceEntry(): Promise<void> {
    await this.put(ANY_SERVICE_ENTRY);
    await vi.waitFor(
      async () => {
        this.admin.discovery.forget('networking.istio.io/v1');
        orThrow('kind', await this.admin.discovery.find('networking.istio.io/v1', 'ServiceEntry'));
      },
      { timeout: 20_000, interval: 100 },
    );
  }

  /** Writes as somebody who is not the agent; an object with status gets that too. */
  async put(object: KubeObject, manager = 'somebody'): Promise<KubeObject> {
    const type = orThrow('kind', await this.admin.discovery.find(object.apiVersion, object.kind));
    const base = pathTo(type.plural, object);
    const contentType = 'application/apply-patch+yaml';
    const path = `${base}?fieldManager=${manager}`;
    const answer = orThrow(
      'put',
      await this.admin.transport.request({ method: 'PATCH', path, body: object, contentType }),
    );
    return answer.body as KubeObject;
  }

  /** Changes an object as kubectl edit does. */
  async edit(ref: KubeObjectRef, change: unknown, manager = 'kubectl-edit'): Promise<void> {
    const type = orThrow('kind', await this.admin.discovery.find(ref.apiVersion, ref.kind));
    const object = { ...ref, metadata: { name: ref.name, namespace: ref.namespace } };
    const path = `${pathTo(type.plural, object)}?fieldManager=${manager}`;
    const contentType = 'application/merge-patch+json';
    orThrow('edit', await this.admin.transport.request({ method: 'PATCH', path, body: change, contentType }));
  }

  async drop(ref: KubeObjectRef): Promise<void> {
    const live = orThrow(objectKey(ref), await this.admin.get(ref));
    orThrow(objectKey(ref), await this.admin.remove(ref, live.metadata.uid ?? ''));
  }

  async live(ref: KubeObjectRef): Promise<KubeObject | undefined> {
    const read = await this.admin.get(ref);
    return read.ok ? read.value : undefined;
  }

  /** Removes a namespace for good, as its controller would after emptying it. */
  async endNamespace(name: string): Promise<void> {
    const type = resourceType('v1', 'Namespace', 'namespaces');
    await this.drop({ apiVersion: 'v1', kind: 'Namespace', name });
    const live = orThrow(name, await this.admin.getOf(type, { name }));
    const body = { ...live, spec: { finalizers: [] } };
    orThrow(
      name,
      await this.admin.transport.request({ method: 'PUT', path: `/api/v1/namespaces/${name}/finalize`, body }),
    );
  }
}

/** One round of an agent that wants exactly these objects. */
export async function round(
  cluster: ClusterPort,
  objects: readonly RenderedObject[],
  more: { record?: ClusterRecord; planned?: boolean } = {},
): Promise<RoundResult> {
  return runRound({
    cluster,
    record: more.record ?? (await cluster.loadRecord()),
    fences: [{ gns: GNS, line: 'policy', epoch: 1, seq: 1, root: 'a'.repeat(64) }],
    wishes: [{ gns: GNS, kind: 'render', objects, keepHosts: new Set<string>(), planned: more.planned ?? true }],
    gate: createPruneGate(createBreaker(systemClock)),
    moves: createMoves(systemClock, 0),
    lingers: createLingers(systemClock, 0),
    leads: createLeads(systemClock, 0),
    mode: 'sync',
  });
}

export function issuesOf(result: RoundResult): { code: string; message: string }[] {
  return result.results.flatMap(({ issues }) => issues.map(({ code, message }) => ({ code, message })));
}

function pathTo(plural: string, { apiVersion, metadata }: Pick<KubeObject, 'apiVersion' | 'metadata'>): string {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${base}${scope}/${plural}/${metadata.name}`;
}
