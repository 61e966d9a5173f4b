import type { Issue, KubeObject, KubeObjectRef } from '@isthmus/domain';
import type { ObservedObject, OwnedObject as PlanOwned } from '@isthmus/plan';
import type { Position } from '@isthmus/protocol';
import type { AgentIssueCode } from '../report/agent-issue.js';
import type { PackedInventory } from './packed-inventory.js';

/** An object that this agent put into the cluster for one global namespace, as its record says. */
export interface OwnedObject extends PlanOwned {
  gns: string;
}

/** What must survive the agent: the fence and the owned objects. It lives in the cluster that it speaks of. */
export interface ClusterRecord {
  fences: Position[];
  owned: OwnedObject[];
}

export const EMPTY_RECORD: ClusterRecord = { fences: [], owned: [] };

/** What the cluster holds. `complete: false`: something could not be read, so nothing may be concluded from absence. */
export interface InventoryReading {
  inventory: PackedInventory;
  complete: boolean;
  unreadable: string[];
  issues: Issue[];
}

/** Outcome of one write. `refused` will not help when repeated; `failed` may. */
export type WriteResult =
  | { outcome: 'done'; uid?: string }
  /** `code` where the reason has an issue of its own; else it is that of a write that failed. */
  | { outcome: 'refused' | 'failed'; reason: string; code?: AgentIssueCode };

/** What we wrote at an object's place, as far as it can be told. `absent`: nothing of ours that could be used. */
export type ReadObject =
  { state: 'ours'; object: KubeObject } | { state: 'absent' } | { state: 'unknown'; reason: string };

/** What may have changed: the content of the cluster, or one rendered object, by key. */
export type WatchHint = { what: 'inventory' } | { what: 'object'; key: string };

/** `taken`: another agent, named by `by`, works here. */
export type HoldOutcome = { outcome: 'held'; release: () => Promise<void> } | { outcome: 'taken'; by: string };

/**
 * A cluster as the agent sees it. Implementations: a directory of manifests, memory; one contract spec holds for all.
 * The record is written before a create and after a delete.
 */
export interface ClusterPort {
  readonly kind: 'directory' | 'kubernetes';
  /** Tells this cluster from a rebuilt or cloned one. */
  uid(): Promise<string>;
  /** Keeps other agents off this cluster until released; undefined where the cluster decides that by other means. */
  hold?(): Promise<HoldOutcome>;
  readInventory(): Promise<InventoryReading>;
  /** Calls back after something may have changed, without a hint anything; returns how to stop. */
  watch(changed: (hint?: WatchHint) => void): () => void;
  loadRecord(): Promise<ClusterRecord>;
  saveRecord(record: ClusterRecord): Promise<void>;
  observe(ref: KubeObjectRef): Promise<ObservedObject>;
  /** The content of an object of ours. */
  read(ref: KubeObjectRef): Promise<ReadObject>;
  /** Creates or replaces; refuses to touch what is foreign, whatever the caller believes. */
  apply(object: KubeObject): Promise<WriteResult>;
  /** Kinds that the agent has no right to write, as `group/version/Kind`; absent: there are none. */
  deniedKinds?(): Promise<readonly string[]>;
  /** Removes if it is ours; an absent object is `done`. */
  remove(ref: KubeObjectRef, uid?: string): Promise<WriteResult>;
  /** How many reads, or writes of one place in the push order, may be under way together; default 1. */
  readonly parallel?: number;
  /** Lets go of connections and of the right to act. */
  close?(): Promise<void>;
}

/** The reference alone, without what else an owned object carries. */
export function refOf(object: KubeObjectRef): KubeObjectRef {
  const { apiVersion, kind, name, namespace } = object;
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
}

/** What names a whole object. */
export function referenceOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeObjectRef {
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
}
