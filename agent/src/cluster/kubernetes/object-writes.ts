import { objectKey, type KubeObject, type KubeObjectRef } from '@isthmus/domain';
import { contentHash } from '@isthmus/meshes';
import type { FieldConflict, KubeClient, KubeFailure } from '@isthmus/kube';
import { isLabelled } from '@isthmus/plan';
import { referenceOf, type WriteResult } from '../cluster-port.js';
import type { OwnedViews } from './owned-views.js';

/** Writes of owned objects: never over what is foreign, never by force, never to another object than the one that was looked at. */
export class ObjectWrites {
  /** What was refused because another manager holds fields, by key: asked again only when the object or the wish changed. */
  readonly #held = new Map<string, { version: string; hash: string; result: WriteResult }>();

  constructor(
    private readonly client: KubeClient,
    private readonly owned: OwnedViews,
    private readonly isActing: () => boolean,
  ) {}

  async apply(object: KubeObject): Promise<WriteResult> {
    if (!this.isActing()) return NOT_ACTING;
    const ref = referenceOf(object);
    const observed = await this.owned.observe(ref);
    if (observed.state === 'foreign') return refused('something that is not ours stands at its place');
    if (observed.state === 'unknown') return failed(observed.reason);
    const uid = observed.state === 'ours' ? observed.uid : undefined;
    const before = this.#stillHeld(object);
    if (before !== undefined) return before;
    if (!this.isActing()) return NOT_ACTING;
    const written = this.owned.noteWriting(object);
    try {
      return await this.#applyTo(object, uid);
    } finally {
      written();
    }
  }

  async #applyTo(object: KubeObject, uid: string | undefined): Promise<WriteResult> {
    const applied = await this.client.apply(withUid(object, uid));
    if (!applied.ok) return this.#judge(object, applied.failure);
    const { metadata, created } = applied.value;
    if (uid === undefined && !created) return this.#stepBack(withUid(object, metadata.uid));
    this.owned.noteApplied(object, metadata);
    return { outcome: 'done', uid: metadata.uid };
  }

  async remove(ref: KubeObjectRef, uid: string | undefined): Promise<WriteResult> {
    if (!this.isActing()) return NOT_ACTING;
    const read = await this.client.get(ref);
    if (!read.ok) return isGone(read.failure) ? { outcome: 'done' } : failed(read.failure.message);
    const live = read.value.metadata.uid ?? '';
    if (!isLabelled(read.value)) return refused('it no longer carries our label');
    if (uid !== undefined && uid !== live) return refused('it was made anew by somebody');
    return this.isActing() ? this.#removeExactly(ref, live) : NOT_ACTING;
  }

  async #removeExactly(ref: KubeObjectRef, uid: string): Promise<WriteResult> {
    const removed = await this.client.remove(ref, uid);
    if (!removed.ok && removed.failure.kind === 'forbidden') return forbidden(removed.failure);
    if (!removed.ok && !isGone(removed.failure)) return failed(removed.failure.message);
    const finalizers = removed.ok ? finalizersOf(removed.value) : [];
    if (finalizers.length > 0) return failed(`it waits for its finalizers: ${finalizers.join(', ')}`);
    this.owned.noteDeleted(ref, uid);
    return { outcome: 'done', uid };
  }

  /** Somebody made the object between our look and our write: what we wrote into it is taken out again. */
  async #stepBack(object: KubeObject): Promise<WriteResult> {
    const { name, namespace, uid } = object.metadata;
    const nothing = { apiVersion: object.apiVersion, kind: object.kind, metadata: { name, namespace, uid } };
    const released = await this.client.apply(nothing);
    if (!released.ok)
      return failed(`it was made by somebody meanwhile, and our fields stay in it: ${released.failure.message}`);
    return refused('it was made by somebody meanwhile');
  }

  #judge(object: KubeObject, failure: KubeFailure): WriteResult {
    if (failure.kind === 'notServed') return { ...failed(failure.message), code: 'ISM0443' };
    if (failure.conflicts !== undefined) return this.#hold(object, failure.conflicts);
    if (failure.kind === 'notFound' && failure.subject?.kind === 'namespaces')
      return failed(`the namespace ${failure.subject.name} does not exist`);
    if (failure.kind === 'forbidden') return forbidden(failure);
    return failure.kind === 'invalid' ? refused(failure.message) : failed(failure.message);
  }

  #hold(object: KubeObject, conflicts: readonly FieldConflict[]): WriteResult {
    const text = conflicts.map(({ manager, field }) => `${manager} holds ${field}`).join('; ');
    const result: WriteResult = { ...failed(text), code: 'ISM0441' };
    const version = this.owned.versionOf(referenceOf(object));
    if (version !== undefined) this.#held.set(objectKey(object), { version, hash: contentHash(object), result });
    return result;
  }

  #stillHeld(object: KubeObject): WriteResult | undefined {
    const held = this.#held.get(objectKey(object));
    if (held === undefined) return undefined;
    const isSame = held.version === this.owned.versionOf(referenceOf(object)) && held.hash === contentHash(object);
    if (isSame) return held.result;
    this.#held.delete(objectKey(object));
    return undefined;
  }
}

const NOT_ACTING: WriteResult = { outcome: 'failed', reason: 'this agent is not the acting one', code: 'ISM0446' };

function refused(reason: string): WriteResult {
  return { outcome: 'refused', reason };
}

function failed(reason: string): { outcome: 'failed'; reason: string } {
  return { outcome: 'failed', reason };
}

function forbidden({ message }: KubeFailure): WriteResult {
  return { ...failed(message), code: 'ISM0481' };
}

/** True if there is no such object, or no such kind. */
export function isGone({ kind }: KubeFailure): boolean {
  return kind === 'notFound' || kind === 'notServed';
}

function withUid(object: KubeObject, uid: string | undefined): KubeObject {
  return uid === undefined ? object : { ...object, metadata: { ...object.metadata, uid } };
}

function finalizersOf(object: KubeObject | undefined): string[] {
  return (object?.metadata as { finalizers?: string[] } | undefined)?.finalizers ?? [];
}
