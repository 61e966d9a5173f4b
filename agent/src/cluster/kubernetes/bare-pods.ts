import type { KubeObject } from '@isthmus/domain';
import type { KubeFailure, ViewState } from '@isthmus/kube';
import { pause } from '@isthmus/platform';
import { POD, stripPod } from './inventory-kinds.js';
import type { NamespacedSource, ViewContext } from './kind-views.js';

/** Between two looks: 15 s up to 1,500 pods, then 10 ms a pod, 5 min at most. Pods of workloads are known by their templates. */
export const POD_POLL = { shortestMs: 15_000, longestMs: 300_000, perPodMs: 10 };

interface Pod {
  uid: string;
  object: KubeObject;
}

type Listed = { ok: true; items: KubeObject[] } | { ok: false; failure: KubeFailure };

/**
 * Pods that no object owns. All pods would be too many to watch, so their metadata is listed from time to time, page by page, and
 * only what nobody owns is read and kept.
 */
export class BarePods implements NamespacedSource {
  #byNamespace = new Map<string, Map<string, Pod>>();
  #states = new Map<string, ViewState>();
  #wide: ViewState = { state: 'syncing' };
  #namespaces: ReadonlySet<string> = new Set();
  #seen = 0;

  constructor(
    private readonly context: ViewContext,
    private readonly poll = POD_POLL,
  ) {
    void this.#run();
  }

  objectsOf(namespace: string): KubeObject[] {
    return [...(this.#byNamespace.get(namespace)?.values() ?? [])].map(({ object }) => object);
  }

  stateOf(namespace: string): ViewState {
    return this.#wide.state === 'forbidden' ? (this.#states.get(namespace) ?? { state: 'syncing' }) : this.#wide;
  }

  follow(namespaces: ReadonlySet<string>): void {
    this.#namespaces = namespaces;
  }

  async #run(): Promise<void> {
    const { signal, random } = this.context;
    while (!signal.aborted) {
      this.#seen = 0;
      await this.#look().catch((error: unknown) => this.#broke(error));
      const settled = this.#wide.state === 'forbidden' && this.#namespaces.size === 0 ? 200 : this.poll.shortestMs;
      const wait = Math.min(this.poll.longestMs, Math.max(settled, this.#seen * this.poll.perPodMs));
      await pause(wait * (0.9 + 0.2 * random()), signal);
    }
  }

  #broke(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const before = this.#wide.state;
    this.#wide = stateAfter({ ok: false, failure: { kind: 'transient', message } }, this.#wide);
    if (this.#wide.state !== before) this.context.changed(undefined);
  }

  async #look(): Promise<void> {
    const wide = await this.#list(undefined);
    if (wide.ok) await this.#take(wide.items, undefined);
    const before = this.#wide.state;
    this.#wide = stateAfter(wide, this.#wide);
    if (this.#wide.state === 'forbidden') await this.#lookInEach();
    if (this.#wide.state !== before) this.context.changed(undefined);
  }

  async #lookInEach(): Promise<void> {
    for (const namespace of this.#namespaces) {
      const listed = await this.#list(namespace);
      if (listed.ok) await this.#take(listed.items, namespace);
      const before = this.#states.get(namespace)?.state;
      const state = stateAfter(listed, this.#states.get(namespace) ?? { state: 'syncing' });
      this.#states.set(namespace, state);
      if (state.state !== before) this.context.changed(namespace);
    }
  }

  /** Metadata of the pods that nobody owns; half a list is no list. */
  async #list(namespace: string | undefined): Promise<Listed> {
    const { client, signal, tuning } = this.context;
    const items: KubeObject[] = [];
    let continueAt: string | undefined;
    do {
      const limit = tuning.pageSize ?? 500;
      const page = await client.list({ type: POD, namespace, limit, continueAt, signal, metadataOnly: true });
      if (!page.ok) return page;
      this.#seen += page.value.items.length;
      items.push(...page.value.items.filter(({ metadata }) => ownersOf(metadata) === 0));
      continueAt = page.value.next;
    } while (continueAt !== undefined);
    return { ok: true, items };
  }

  async #take(items: readonly KubeObject[], within: string | undefined): Promise<void> {
    const fresh = new Map<string, Map<string, Pod>>();
    for (const { metadata } of items) {
      const { namespace = '', name, uid = '' } = metadata;
      const object = await this.#podOf(metadata);
      const pods = fresh.get(namespace) ?? new Map<string, Pod>();
      fresh.set(namespace, pods);
      if (object !== undefined) pods.set(name, { uid, object });
    }
    const touched = within === undefined ? new Set([...this.#byNamespace.keys(), ...fresh.keys()]) : [within];
    for (const namespace of touched) this.#replace(namespace, fresh.get(namespace) ?? new Map<string, Pod>());
  }

  /** What a pod runs does not change; its labels may. */
  async #podOf(metadata: KubeObject['metadata']): Promise<KubeObject | undefined> {
    const { namespace = '', name, uid } = metadata;
    const known = this.#byNamespace.get(namespace)?.get(name);
    return known !== undefined && known.uid === uid
      ? withLabels(known.object, metadata)
      : this.#read({ namespace, name });
  }

  #replace(namespace: string, pods: Map<string, Pod>): void {
    const before = JSON.stringify(this.objectsOf(namespace));
    if (pods.size === 0) this.#byNamespace.delete(namespace);
    else this.#byNamespace.set(namespace, pods);
    if (JSON.stringify(this.objectsOf(namespace)) !== before) this.context.changed(namespace);
  }

  async #read(at: { namespace: string; name: string }): Promise<KubeObject | undefined> {
    const read = await this.context.client.getOf(POD, at);
    return read.ok ? stripPod(read.value) : undefined;
  }
}

function stateAfter(listed: Listed, before: ViewState): ViewState {
  if (listed.ok) return { state: 'current' };
  const { failure } = listed;
  if (failure.kind === 'forbidden' || failure.kind === 'notServed') return { state: failure.kind, failure };
  return before.state === 'syncing' ? { state: 'syncing', failure } : { state: 'stale', failure };
}

function withLabels(object: KubeObject, { labels }: KubeObject['metadata']): KubeObject {
  const { name, namespace } = object.metadata;
  return { ...object, metadata: { name, namespace, ...(labels === undefined ? {} : { labels }) } };
}

function ownersOf(metadata: KubeObject['metadata']): number {
  return (metadata as { ownerReferences?: unknown[] }).ownerReferences?.length ?? 0;
}
