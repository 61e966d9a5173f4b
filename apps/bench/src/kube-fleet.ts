import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { LABELS, MANAGED_BY, objectKey, type KubeObject } from '@isthmus/domain';
import { connectKube, inParallel, orThrow, reflect, type KubeClient } from '@isthmus/kube';
import { installIstioCrds, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { parseAllDocuments } from 'yaml';
import type { BenchCluster } from './convergence-fleet.js';
import { shownMarker, type Seen, type Sight } from './convergence-watch.js';

const NETWORKING = ['ServiceEntry', 'DestinationRule', 'VirtualService', 'Gateway'];
const SECURITY = ['PeerAuthentication', 'AuthorizationPolicy'];
const KINDS: readonly (readonly [string, string])[] = [
  ...NETWORKING.map((kind) => ['networking.istio.io/v1', kind] as const),
  ...SECURITY.map((kind) => ['security.istio.io/v1', kind] as const),
];

/** A cluster with a real apiserver of its own, over a place of its own in one etcd. */
export interface KubeCluster {
  server: KubeApiserver;
  admin: KubeClient;
  stop: () => Promise<void>;
}

/** Starts an apiserver with Istio's CRDs, what an installation of the agent makes, and the manifests of the cluster's folder. */
export async function startKubeCluster(cluster: BenchCluster): Promise<KubeCluster> {
  const server = await startKubeApiserver();
  try {
    await installIstioCrds(server.kubeconfig);
    const admin = await connectKube({ kubeconfig: server.kubeconfig });
    await seed(admin, manifestsOf(cluster));
    cluster.kubeconfig = server.kubeconfig;
    const stop = async (): Promise<void> => {
      admin.close();
      await server.stop();
    };
    return { server, admin, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function manifestsOf({ manifests }: BenchCluster): KubeObject[] {
  const documents = parseAllDocuments(readFileSync(join(manifests, 'all.yaml'), 'utf8'));
  return documents.flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
}

async function seed(admin: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  const own = { name: 'isthmus-system' };
  const all: KubeObject[] = [{ apiVersion: 'v1', kind: 'Namespace', metadata: own }, ...objects];
  const identity = { name: 'isthmus-agent-identity', namespace: own.name };
  all.push({ apiVersion: 'v1', kind: 'Secret', metadata: identity });
  const isNamespace = ({ kind }: KubeObject): boolean => kind === 'Namespace';
  const put = async (object: KubeObject): Promise<void> => {
    orThrow(objectKey({ ...object, ...object.metadata }), await admin.apply(object));
    if (object['status'] !== undefined) await putStatus(admin, object);
  };
  await inParallel(all.filter(isNamespace), 8, put);
  await inParallel(
    all.filter((object) => !isNamespace(object)),
    8,
    put,
  );
}

/** Addresses of a load balancer are a controller's to write. */
async function putStatus({ transport }: KubeClient, { metadata, status }: KubeObject): Promise<void> {
  const path = `/api/v1/namespaces/${metadata.namespace ?? ''}/services/${metadata.name}/status`;
  const contentType = 'application/merge-patch+json';
  orThrow(path, await transport.request({ method: 'PATCH', path, contentType, body: { status } }));
}

/** A cluster with an apiserver, seen through watches on it. */
export class KubeSight implements Sight {
  readonly #texts = new Map<string, string>();
  readonly #listeners = new Set<(at: number) => void>();
  readonly #abort = new AbortController();

  private constructor(readonly name: string) {
    setMaxListeners(0, this.#abort.signal);
  }

  static async open(name: string, admin: KubeClient): Promise<KubeSight> {
    const sight = new KubeSight(name);
    for (const [apiVersion, kind] of KINDS) await sight.#follow(admin, apiVersion, kind);
    return sight;
  }

  texts(): ReadonlyMap<string, string> {
    return new Map(this.#texts);
  }

  watch(seen: Seen): () => void {
    const look = (at: number): void => {
      const marker = shownMarker(this.#texts.values());
      if (marker !== undefined) seen(marker, at);
    };
    this.#listeners.add(look);
    return () => this.#listeners.delete(look);
  }

  close(): void {
    this.#abort.abort();
  }

  async #follow(client: KubeClient, apiVersion: string, kind: string): Promise<void> {
    const type = orThrow(kind, await client.discovery.find(apiVersion, kind));
    const note = (object: KubeObject, text: string | undefined): void => {
      const at = performance.now();
      const key = objectKey({ apiVersion, kind, ...object.metadata });
      if (text === undefined) this.#texts.delete(key);
      else this.#texts.set(key, text);
      for (const look of this.#listeners) look(at);
    };
    const sink = {
      begin: () => undefined,
      finish: () => undefined,
      state: () => undefined,
      upsert: (object: KubeObject) => note(object, JSON.stringify(object['spec'])),
      remove: (object: KubeObject) => note(object, undefined),
    };
    const labelSelector = `${LABELS.managedBy}=${MANAGED_BY}`;
    void reflect({ client, type, labelSelector, sink, signal: this.#abort.signal, random: Math.random });
  }
}

/** Milliseconds that a server-side apply of one object to every apiserver at once takes until the last has answered. */
export async function measureApplies(admins: readonly KubeClient[], rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = -2; round < rounds; round += 1) {
    const spec = { mtls: { mode: round % 2 === 0 ? 'STRICT' : 'PERMISSIVE' } };
    const metadata = { name: 'bench-floor', namespace: 'default' };
    const object = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata, spec };
    const begin = performance.now();
    await Promise.all(admins.map(async (admin) => orThrow('floor', await admin.apply(object))));
    if (round >= 0) times.push(performance.now() - begin);
  }
  return times;
}
