import type { KubeObject } from '@isthmus/domain';
import type { ReflectorSink, ViewState } from './reflector.js';

/** What stays of an object in memory; undefined keeps nothing of it. */
export type Strip<T> = (object: KubeObject) => T | undefined;

export interface ViewOptions<T> {
  strip: Strip<T>;
  /** An object came, went or changed in what is kept of it. */
  changed?: (namespace: string, name: string) => void;
  stateChanged?: (state: ViewState) => void;
}

interface Kept<T> {
  uid: string;
  resourceVersion: string;
  value: T;
  /** Number of the list that saw it last. */
  seenIn: number;
}

/**
 * A stripped copy of a collection. Lists are taken by mark and sweep: what they hold counts at once, what they lack goes only
 * when the list is whole. An older event never replaces what a newer answer brought.
 */
export class ResourceView<T> implements ReflectorSink {
  readonly #kept = new Map<string, Map<string, Kept<T>>>();
  readonly #deleted = new Set<string>();
  #list = 0;
  #state: ViewState = { state: 'syncing' };
  #size = 0;

  constructor(private readonly options: ViewOptions<T>) {}

  get viewState(): ViewState {
    return this.#state;
  }

  get size(): number {
    return this.#size;
  }

  get(namespace: string | undefined, name: string): { uid: string; resourceVersion: string; value: T } | undefined {
    return this.#kept.get(namespace ?? '')?.get(name);
  }

  /** Values of one namespace, in no order. */
  valuesOf(namespace: string): T[] {
    return [...(this.#kept.get(namespace)?.values() ?? [])].map(({ value }) => value);
  }

  names(namespace = ''): string[] {
    return [...(this.#kept.get(namespace)?.keys() ?? [])];
  }

  begin(): void {
    this.#list += 1;
  }

  upsert(object: KubeObject): void {
    const { namespace = '', name, uid = '', resourceVersion = '' } = object.metadata;
    if (this.#deleted.has(uid)) return;
    const known = this.#kept.get(namespace)?.get(name);
    if (known?.uid === uid && isOlder(resourceVersion, known.resourceVersion)) {
      known.seenIn = this.#list;
      return;
    }
    const value = this.options.strip(object);
    if (value === undefined) return this.#drop(namespace, name);
    this.#keep({ namespace, name }, { uid, resourceVersion, value, seenIn: this.#list }, known);
  }

  remove(object: KubeObject): void {
    const { namespace = '', name, uid = '' } = object.metadata;
    this.#deleted.delete(uid);
    const known = this.#kept.get(namespace)?.get(name);
    if (known?.uid === uid) this.#drop(namespace, name);
  }

  /** We wrote it ourselves: what is kept of it is known before the event, and no news. */
  noteWritten(ref: { namespace?: string | undefined; name: string }, written: Omit<Kept<T>, 'seenIn'>): void {
    const { namespace = '', name } = ref;
    const known = this.#kept.get(namespace)?.get(name);
    if (known?.uid === written.uid && isOlder(written.resourceVersion, known.resourceVersion)) return;
    this.#put({ namespace, name }, { ...written, seenIn: this.#list }, known);
  }

  /** We deleted it ourselves: events of the past may still arrive and must not bring it back. */
  noteDeleted(ref: { namespace?: string | undefined; name: string }, uid: string): void {
    const known = this.#kept.get(ref.namespace ?? '')?.get(ref.name);
    if (known?.uid !== uid) return;
    this.#deleted.add(uid);
    this.#take(ref.namespace ?? '', ref.name);
  }

  finish(): void {
    this.#deleted.clear();
    for (const [namespace, objects] of this.#kept) {
      for (const [name, { seenIn }] of objects) if (seenIn !== this.#list) this.#drop(namespace, name);
    }
  }

  state(state: ViewState): void {
    if (state.state === this.#state.state) {
      this.#state = state;
      return;
    }
    this.#state = state;
    this.options.stateChanged?.(state);
  }

  #keep(at: { namespace: string; name: string }, kept: Kept<T>, known: Kept<T> | undefined): void {
    const isSame = known?.uid === kept.uid && JSON.stringify(known.value) === JSON.stringify(kept.value);
    this.#put(at, isSame ? { ...kept, value: known.value } : kept, known);
    if (!isSame) this.options.changed?.(at.namespace, at.name);
  }

  #put({ namespace, name }: { namespace: string; name: string }, kept: Kept<T>, known: Kept<T> | undefined): void {
    const objects = this.#kept.get(namespace) ?? new Map<string, Kept<T>>();
    this.#kept.set(namespace, objects);
    if (known === undefined) this.#size += 1;
    objects.set(name, kept);
  }

  #drop(namespace: string, name: string): void {
    if (this.#take(namespace, name)) this.options.changed?.(namespace, name);
  }

  #take(namespace: string, name: string): boolean {
    const objects = this.#kept.get(namespace);
    if (objects?.delete(name) !== true) return false;
    this.#size -= 1;
    if (objects.size === 0) this.#kept.delete(namespace);
    return true;
  }
}

/** resourceVersions of one collection are ordered where they are numbers; where they are not, the later event wins. */
function isOlder(candidate: string, known: string): boolean {
  if (!/^\d+$/.test(candidate) || !/^\d+$/.test(known)) return false;
  return candidate.length === known.length ? candidate < known : candidate.length < known.length;
}
