import { objectKey } from '@isthmus/domain';
import type { Position } from '@isthmus/protocol';
import type { ClusterRecord, OwnedObject } from '../cluster/cluster-port.js';

/** Hash of an object whose name is in the record and that was never written. */
export const PENDING = '';

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

  all(): OwnedObject[] {
    return [...this.#owned.values()];
  }

  byGns(): Map<string, OwnedObject[]> {
    const groups = new Map<string, OwnedObject[]>();
    for (const owned of this.#owned.values()) {
      const group = groups.get(owned.gns);
      if (group === undefined) groups.set(owned.gns, [owned]);
      else group.push(owned);
    }
    return groups;
  }
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

/** One form of a record, whatever order its parts were put together in. */
export function recordOf(fences: readonly Position[], owned: readonly OwnedObject[]): ClusterRecord {
  const inForm = owned.map(({ apiVersion, kind, namespace, name, gns, side, order, host, hash, uid }) => ({
    apiVersion,
    kind,
    namespace,
    name,
    gns,
    side,
    order,
    host,
    hash,
    uid,
  }));
  const keyed = inForm.map((object) => [objectKey(object), object] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return { fences: [...fences], owned: keyed.map(([, object]) => object) };
}
