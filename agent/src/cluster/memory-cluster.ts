import { objectKey } from '@isthmus/domain';
import type { KubeObject, KubeObjectRef } from '@isthmus/domain';
import { isLabelled, observedOurs } from '@isthmus/plan';
import { EMPTY_RECORD } from './cluster-port.js';
import type { ClusterPort, ClusterRecord, InventoryReading, ReadObject } from './cluster-port.js';
import type { PackedInventory } from './packed-inventory.js';

function readIn(objects: ReadonlyMap<string, KubeObject>, ref: KubeObjectRef): ReadObject {
  const object = objects.get(objectKey(ref));
  if (object === undefined || !isLabelled(object)) return { state: 'absent' };
  return { state: 'ours', object: structuredClone(object) };
}

/** A cluster in memory, with what a simulation needs to disturb it. It outlives the agents that work on it. */
export interface MemoryCluster extends ClusterPort {
  readonly objects: Map<string, KubeObject>;
  record: ClusterRecord;
  reading: InventoryReading;
  /** Called before each write with its name; throwing is a crash, answering false a write that fails. */
  onWrite: (write: string) => boolean;
  /** Tells the agent that something changed. */
  touch(): void;
}

const EMPTY_INVENTORY: PackedInventory = { mesh: {}, gateways: [], namespaces: [] };

export function memoryCluster(uid = 'memory'): MemoryCluster {
  const objects = new Map<string, KubeObject>();
  const watchers = new Set<() => void>();
  const made = new Map<string, string>();
  let uids = 0;
  const cluster: MemoryCluster = {
    kind: 'directory',
    objects,
    record: EMPTY_RECORD,
    reading: { inventory: EMPTY_INVENTORY, complete: true, unreadable: [], issues: [] },
    onWrite: () => true,
    touch: () => watchers.forEach((watcher) => watcher()),
    uid: () => Promise.resolve(uid),
    readInventory: () => Promise.resolve(cluster.reading),
    watch: (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    loadRecord: () => Promise.resolve(structuredClone(cluster.record)),
    async saveRecord(record) {
      await Promise.resolve();
      if (!cluster.onWrite('record')) throw new Error('the record was not taken');
      cluster.record = structuredClone(record);
    },
    async observe(ref) {
      await Promise.resolve();
      const object = objects.get(objectKey(ref));
      if (object === undefined) return { state: 'absent' };
      if (!isLabelled(object)) return { state: 'foreign' };
      return { ...observedOurs(object), uid: made.get(objectKey(ref)) };
    },
    read: (ref) => Promise.resolve(readIn(objects, ref)),
    async apply(object) {
      await Promise.resolve();
      const key = objectKey(object);
      const there = objects.get(key);
      if (there && !isLabelled(there))
        return { outcome: 'refused', reason: 'something that is not ours stands at its place' };
      if (!cluster.onWrite(`apply ${key}`)) return { outcome: 'failed', reason: 'the write was not taken' };
      objects.set(key, structuredClone(object));
      const known = made.get(key) ?? `uid-${String((uids += 1))}`;
      made.set(key, known);
      return { outcome: 'done', uid: known };
    },
    async remove(ref, expected) {
      await Promise.resolve();
      const key = objectKey(ref);
      const there = objects.get(key);
      if (there === undefined) return { outcome: 'done' };
      if (!isLabelled(there)) return { outcome: 'refused', reason: 'something that is not ours stands at its place' };
      if (expected !== undefined && made.get(key) !== expected)
        return { outcome: 'refused', reason: 'it was made anew by somebody' };
      if (!cluster.onWrite(`remove ${key}`)) return { outcome: 'failed', reason: 'the write was not taken' };
      objects.delete(key);
      made.delete(key);
      return { outcome: 'done' };
    },
  };
  return cluster;
}
