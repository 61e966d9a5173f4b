import { setMaxListeners } from 'node:events';
import { LABELS, MANAGED_BY, objectKey } from '@isthmus/domain';
import type { KubeObject, KubeObjectRef } from '@isthmus/domain';
import { connectKube, inParallel, orThrow, reflect, type KubeClient, type ViewState } from '@isthmus/kube';
import { installIstioCrds, startKubeApiserver, type KubeApiserver, type KubeApiserverOptions } from '@isthmus/testing';

export const AGENT_NAMESPACE = 'isthmus-system';
const KINDS: readonly [string, string][] = [
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['networking.istio.io/v1', 'VirtualService'],
  ['networking.istio.io/v1', 'Gateway'],
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
];

/** A real apiserver with Istio's CRDs and what an installation of the agent makes; `admin` is a person with every right. */
export class RealCluster {
  private constructor(
    readonly server: KubeApiserver,
    readonly admin: KubeClient,
  ) {}

  static async start(options: KubeApiserverOptions & { crds?: readonly string[] } = {}): Promise<RealCluster> {
    const { crds = KINDS.map(([, kind]) => kind), ...rest } = options;
    const server = await startKubeApiserver(rest);
    await installIstioCrds(server.kubeconfig, crds);
    const cluster = new RealCluster(server, await connectKube({ kubeconfig: server.kubeconfig }));
    for (const name of [AGENT_NAMESPACE, 'shop', 'istio-system']) await cluster.namespace(name);
    await cluster.put({
      ...{ apiVersion: 'v1', kind: 'Secret' },
      metadata: { name: 'isthmus-agent-identity', namespace: AGENT_NAMESPACE },
    });
    return cluster;
  }

  async stop(): Promise<void> {
    this.admin.close();
    await this.server.stop();
  }

  async namespace(name: string): Promise<void> {
    await this.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  /** Writes as `kubectl apply --server-side` of a person does. */
  async put(object: KubeObject, manager = 'kubectl'): Promise<KubeObject> {
    return this.#patch(object, { manager, contentType: 'application/apply-patch+yaml', body: object });
  }

  /** Changes as `kubectl edit` of a person does. */
  async edit(ref: KubeObjectRef, change: unknown): Promise<void> {
    const object = { ...ref, metadata: { name: ref.name, namespace: ref.namespace } };
    await this.#patch(object, { manager: 'kubectl-edit', contentType: 'application/merge-patch+json', body: change });
  }

  async drop(ref: KubeObjectRef): Promise<void> {
    const live = orThrow(objectKey(ref), await this.admin.get(ref));
    orThrow(objectKey(ref), await this.admin.remove(ref, live.metadata.uid ?? ''));
  }

  async live(ref: KubeObjectRef): Promise<KubeObject | undefined> {
    const read = await this.admin.get(ref);
    return read.ok ? read.value : undefined;
  }

  /** Services with their workloads, in the namespace `shop`. */
  async services(names: readonly string[]): Promise<void> {
    await inParallel(names, 4, async (name) => {
      const metadata = { name, namespace: 'shop' };
      const labels = { app: name };
      const containers = [{ name: 'app', image: 'app', ports: [{ containerPort: 9080 }] }];
      const template = { metadata: { labels }, spec: { serviceAccountName: name, containers } };
      await this.put({
        ...{ apiVersion: 'v1', kind: 'Service', metadata },
        spec: { selector: labels, ports: [{ name: 'http', port: 9080 }] },
      });
      await this.put({
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
        spec: { selector: { matchLabels: labels }, template },
      });
    });
  }

  /** Every object with our label, by key. */
  async labelled(): Promise<Map<string, KubeObject>> {
    const labelSelector = `${LABELS.managedBy}=${MANAGED_BY}`;
    const found = new Map<string, KubeObject>();
    for (const [apiVersion, kind] of KINDS) {
      this.admin.discovery.forget(apiVersion);
      const type = await this.admin.discovery.find(apiVersion, kind);
      if (!type.ok) continue;
      const { items } = orThrow(kind, await this.admin.list({ type: type.value, labelSelector, limit: 5000 }));
      for (const item of items) found.set(objectKey({ ...item, ...item.metadata }), item);
    }
    return found;
  }

  /** Fills up with the keys of objects with our label that are deleted, until the signal; `following` once it sees them all. */
  deletions(signal: AbortSignal): { gone: string[]; following: Promise<unknown> } {
    setMaxListeners(0, signal);
    const gone: string[] = [];
    const remove = (object: KubeObject): void => void gone.push(objectKey({ ...object, ...object.metadata }));
    const ignored = (): void => undefined;
    const labelSelector = `${LABELS.managedBy}=${MANAGED_BY}`;
    const follow = async ([apiVersion, kind]: readonly [string, string]): Promise<void> => {
      const type = orThrow(kind, await this.admin.discovery.find(apiVersion, kind));
      await new Promise<void>((resolve) => {
        const state = ({ state: now }: ViewState): void => (now === 'current' ? resolve() : undefined);
        const sink = { begin: ignored, upsert: ignored, remove, finish: ignored, state };
        void reflect({ client: this.admin, type, labelSelector, sink, signal, random: () => 0.5 });
      });
    };
    return { gone, following: Promise.all(KINDS.map(follow)) };
  }

  /** Keys of what the record in the cluster names. */
  async recorded(): Promise<Set<string>> {
    const keys = new Set<string>();
    for (const part of '0123456789abcdef') {
      const map = await this.live(recordPart(part));
      const text = (map?.['data'] as Record<string, string> | undefined)?.['record.json'];
      if (text === undefined) continue;
      for (const owned of (JSON.parse(text) as { owned: KubeObjectRef[] }).owned) keys.add(objectKey(owned));
    }
    return keys;
  }

  async #patch(
    { apiVersion, kind, metadata }: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>,
    { manager, contentType, body }: { manager: string; contentType: string; body: unknown },
  ): Promise<KubeObject> {
    const type = orThrow(kind, await this.admin.discovery.find(apiVersion, kind));
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
    const path = `${base}${scope}/${type.plural}/${metadata.name}?fieldManager=${manager}&force=true`;
    const request = { method: 'PATCH' as const, contentType, body };
    const at = contentType.includes('apply') ? path : path.replace('&force=true', '');
    return orThrow(kind, await this.admin.transport.request({ ...request, path: at })).body as KubeObject;
  }
}

/** The ConfigMap of one part of the record: `head`, or a hexadecimal digit. */
export function recordPart(part: string): KubeObjectRef {
  const name = part === 'head' ? 'isthmus-record' : `isthmus-record-${part}`;
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: AGENT_NAMESPACE, name };
}
