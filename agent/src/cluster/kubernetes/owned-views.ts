import { FIELD_MANAGER, LABELS, MANAGED_BY, objectKey, type KubeObject, type KubeObjectRef } from '@isthmus/domain';
import { otherManagers, ownedPart, reflect, ResourceView, type KubeFailure } from '@isthmus/kube';
import { renderedHash } from '@isthmus/meshes';
import { isLabelled, observedOurs, type ObservedObject } from '@isthmus/plan';
import { ForeignWatches } from './foreign-watches.js';
import type { ViewContext } from './kind-views.js';

/** What is kept of an owned object: the hash of what we applied, whether that is all that we wrote, and who else holds fields of it. */
interface OwnedState {
  hash: string;
  isEdited: boolean;
  others: string[];
}

/** `changed`: the object of this key came, went or changed, and not by our own hand. */
export interface OwnedContext extends Omit<ViewContext, 'changed'> {
  changed: (key: string) => void;
}

const FIRST_LIST_MS = 5000;
const MAX_FIELDS_NAMED = 5;

/** Follows every kind of which there is, or shall be, an object of ours. Only what carries our label is held in memory. */
export class OwnedViews {
  readonly #views = new Map<string, ResourceView<OwnedState>>();

  readonly #foreign: ForeignWatches;

  /** Hashes of what is being written, by key: an event that shows just that is no news. */
  readonly #written = new Map<string, string>();

  constructor(private readonly context: OwnedContext) {
    this.#foreign = new ForeignWatches(context);
  }

  /** What stands under the name: out of the view if that is current, else asked for. */
  async observe(ref: KubeObjectRef): Promise<ObservedObject> {
    const type = await this.context.client.discovery.find(ref.apiVersion, ref.kind);
    if (!type.ok) return absentOr(type.failure);
    const view = this.#views.get(kindKey(ref)) ?? (await this.#start(ref));
    const kept = view.get(ref.namespace, ref.name);
    if (kept !== undefined && view.viewState.state === 'current')
      return this.#notForeign(ref, oursOf(kept.uid, kept.value));
    const read = await this.context.client.get(ref);
    if (!read.ok) return this.#notForeign(ref, absentOr(read.failure));
    if (isLabelled(read.value))
      return this.#notForeign(ref, oursOf(read.value.metadata.uid ?? '', stateOf(read.value)));
    this.#foreign.follow(ref, type.value);
    return { state: 'foreign' };
  }

  #notForeign(ref: KubeObjectRef, observed: ObservedObject): ObservedObject {
    if (observed.state !== 'unknown') this.#foreign.release(ref);
    return observed;
  }

  /** The resourceVersion that the view holds; undefined if it holds none. */
  versionOf(ref: KubeObjectRef): string | undefined {
    return this.#views.get(kindKey(ref))?.get(ref.namespace, ref.name)?.resourceVersion;
  }

  /** Our own write begins; answers how to say that it is over. */
  noteWriting(object: KubeObject): () => void {
    const key = keyOf(object);
    this.#written.set(key, renderedHash(object));
    return () => this.#written.delete(key);
  }

  /** The apiserver took it: what was written stands there, until an event shows something else. */
  noteApplied(object: KubeObject, metadata: KubeObject['metadata']): void {
    const { uid = '', resourceVersion = '' } = metadata;
    const value = { hash: renderedHash(object), isEdited: false, others: othersOf({ ...object, metadata }) };
    this.#views.get(kindKey(object))?.noteWritten(object.metadata, { uid, resourceVersion, value });
  }

  noteDeleted(ref: KubeObjectRef, uid: string): void {
    this.#views.get(kindKey(ref))?.noteDeleted(ref, uid);
  }

  #note(ref: KubeObjectRef): void {
    const key = objectKey(ref);
    const hash = this.#views.get(kindKey(ref))?.get(ref.namespace, ref.name)?.value.hash;
    if (hash === undefined || hash !== this.#written.get(key)) this.context.changed(key);
  }

  async #start(ref: KubeObjectRef): Promise<ResourceView<OwnedState>> {
    const { context } = this;
    const type = await context.client.discovery.find(ref.apiVersion, ref.kind);
    const view = new ResourceView<OwnedState>({
      strip: stateOf,
      changed: (namespace, name) => this.#note({ apiVersion: ref.apiVersion, kind: ref.kind, namespace, name }),
    });
    if (!type.ok) return view;
    const started = this.#views.get(kindKey(ref));
    if (started !== undefined) return started;
    this.#views.set(kindKey(ref), view);
    const labelSelector = `${LABELS.managedBy}=${MANAGED_BY}`;
    void reflect({ ...context, ...context.tuning, type: type.value, labelSelector, sink: view });
    await firstList(view);
    return view;
  }
}

function stateOf(object: KubeObject): OwnedState {
  const { hash, isEdited } = observedOurs(ownedPart(object, FIELD_MANAGER));
  return { hash, isEdited, others: othersOf(object) };
}

function othersOf(object: KubeObject): string[] {
  return otherManagers(object, FIELD_MANAGER).map(({ manager, fields }) => {
    const more = fields.length > MAX_FIELDS_NAMED ? ` and ${fields.length - MAX_FIELDS_NAMED} more` : '';
    return `${manager} (${fields.slice(0, MAX_FIELDS_NAMED).join(', ')}${more})`;
  });
}

function keyOf({ apiVersion, kind, metadata: { name, namespace = '' } }: KubeObject): string {
  return objectKey({ apiVersion, kind, namespace, name });
}

function oursOf(uid: string, { hash, isEdited, others }: OwnedState): ObservedObject {
  return { state: 'ours', hash, isEdited, uid, ...(others.length === 0 ? {} : { others }) };
}

/** A kind that is not served has no objects; everything else that went wrong leaves the state open. */
function absentOr(failure: KubeFailure): ObservedObject {
  if (failure.kind === 'notFound' || failure.kind === 'notServed') return { state: 'absent' };
  return { state: 'unknown', reason: failure.message };
}

function kindKey({ apiVersion, kind }: Pick<KubeObjectRef, 'apiVersion' | 'kind'>): string {
  return `${apiVersion}/${kind}`;
}

async function firstList(view: ResourceView<unknown>): Promise<void> {
  const end = performance.now() + FIRST_LIST_MS;
  while (view.viewState.state === 'syncing' && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
