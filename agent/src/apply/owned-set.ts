import type { Position } from '@isthmus/protocol';
import type { ClusterRecord, OwnedObject } from '../cluster/cluster-port.js';

/** Hash of an object whose name is in the record and that was never written. */
export const PENDING = '';
/** Hash of an object that is being removed: whoever finds it gone, or not, knows that nobody else did it. */
export const GOING = 'going';

/** The owned objects during a round; knows whether the record must be written. */
export class OwnedSet {
  readonly #owned: Map<string, OwnedObject>;
  isChanged = false;

  constructor(recorded: ReadonlyMap<string, OwnedObject>) {
    this.#owned = new Map(recorded);
  }

  get size(): number {
    return this.#owned.size;
  }

  has(key: string): boolean {
    return this.#owned.has(key);
  }

  get(key: string): OwnedObject | undefined {
    return this.#owned.get(key);
  }

  set(key: string, owned: OwnedObject): void {
    const known = this.#owned.get(key);
    if (known !== undefined && isSame(known, owned)) return;
    this.#owned.set(key, owned);
    this.isChanged = true;
  }

  delete(key: string): void {
    if (this.#owned.delete(key)) this.isChanged = true;
  }

  byKey(): ReadonlyMap<string, OwnedObject> {
    return this.#owned;
  }
}

const grouped = new WeakMap<readonly OwnedObject[], ReadonlyMap<string, readonly OwnedObject[]>>();

/** What stands in the cluster, by global namespace; the same answer for the owned objects of the same record. */
export function ownedByGns(all: readonly OwnedObject[]): ReadonlyMap<string, readonly OwnedObject[]> {
  const known = grouped.get(all);
  if (known !== undefined) return known;
  const groups = new Map<string, OwnedObject[]>();
  for (const owned of all) {
    if (owned.hash === PENDING) continue;
    const group = groups.get(owned.gns);
    if (group === undefined) groups.set(owned.gns, [owned]);
    else group.push(owned);
  }
  grouped.set(all, groups);
  return groups;
}

/** The key of both is the same: name, namespace and kind need no look. */
function isSame(a: OwnedObject, b: OwnedObject): boolean {
  return (
    a.gns === b.gns &&
    a.side === b.side &&
    a.order === b.order &&
    a.host === b.host &&
    a.hash === b.hash &&
    a.uid === b.uid
  );
}

/** One form of a record, whatever order its parts were put together in. What did not change since a record is the same object in both. */
export function recordOf(fences: readonly Position[], owned: ReadonlyMap<string, OwnedObject>): ClusterRecord {
  const keyed = [...owned].sort(([a], [b]) => (a < b ? -1 : 1));
  return { fences: [...fences], owned: keyed.map(([, object]) => inForm(object)) };
}

const formed = new WeakSet<OwnedObject>();

function inForm(object: OwnedObject): OwnedObject {
  if (formed.has(object)) return object;
  const { apiVersion, kind, namespace, name, gns, side, order, host, hash, uid } = object;
  const form = { apiVersion, kind, namespace, name, gns, side, order, host, hash, uid };
  formed.add(form);
  return form;
}
