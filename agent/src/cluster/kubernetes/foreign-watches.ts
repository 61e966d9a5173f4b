import { objectKey, type KubeObject, type KubeObjectRef } from '@isthmus/domain';
import { reflect, type ReflectorSink, type ResourceType } from '@isthmus/kube';
import { isLabelled } from '@isthmus/plan';
import type { OwnedContext } from './owned-views.js';

/** A watch each; what is beyond that is noticed by the round that is made although nothing was heard. */
const MOST = 20;
/** Names that nobody asked about for so long are not wanted any more. */
const FORGOTTEN_MS = 300_000;

interface Watch {
  stop: () => void;
  askedAt: number;
}

/** Follows what is not ours at names that we want, which the views of our label do not show: when it goes, there is something to do. */
export class ForeignWatches {
  readonly #watches = new Map<string, Watch>();

  constructor(private readonly context: OwnedContext) {}

  get size(): number {
    return this.#watches.size;
  }

  /** Something foreign was found at the name. */
  follow(ref: KubeObjectRef, type: ResourceType): void {
    const known = this.#watches.get(objectKey(ref));
    if (known !== undefined) known.askedAt = performance.now();
    else if (this.#watches.size < MOST) this.#watches.set(objectKey(ref), this.#start(ref, type));
  }

  /** Nothing foreign stands at the name any more. Names that are not asked about go with it. */
  release(ref: KubeObjectRef): void {
    const now = performance.now();
    for (const [key, { stop, askedAt }] of this.#watches) {
      if (key !== objectKey(ref) && now - askedAt < FORGOTTEN_MS) continue;
      stop();
      this.#watches.delete(key);
    }
  }

  #start(ref: KubeObjectRef, type: ResourceType): Watch {
    const { namespace, name } = ref;
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.context.signal]);
    const sink = new GoneSink(() => this.context.changed(objectKey(ref)));
    const selection = { type, namespace, fieldSelector: `metadata.name=${name}` };
    const { client, random, tuning } = this.context;
    void reflect({ ...tuning, ...selection, client, random, sink, signal });
    return { stop: () => abort.abort(), askedAt: performance.now() };
  }
}

/** Tells when the one object is not there, or carries our label. */
class GoneSink implements ReflectorSink {
  #isThere = false;

  constructor(private readonly gone: () => void) {}

  begin(): void {
    this.#isThere = false;
  }

  upsert(object: KubeObject): void {
    this.#isThere = true;
    if (isLabelled(object)) this.gone();
  }

  remove(): void {
    this.gone();
  }

  finish(): void {
    if (!this.#isThere) this.gone();
  }

  state(): void {
    // How well it is known is said where it is observed.
  }
}
