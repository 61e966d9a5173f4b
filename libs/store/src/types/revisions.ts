import type { Hash, Ref } from '@isthmus/domain';
import type { Page, PageRequest } from './audit.js';

/** A content-addressed object: a tree node or a blob; `bytes` are those that were hashed. */
export interface StoredObject {
  hash: Hash;
  /** `node`, `host`, `blob`, … as the tree code names it. */
  kind: string;
  bytes: Uint8Array;
}

export interface ObjectRepository {
  /** Stores what is missing and touches what is there. */
  put(objects: readonly StoredObject[]): Promise<void>;
  get(hashes: readonly Hash[]): Promise<Map<Hash, StoredObject>>;
  /** Those not stored. */
  missing(hashes: readonly Hash[]): Promise<Hash[]>;
  /** Candidates of a collection: nobody touched them since; sorted by hash, from `after` on. */
  untouchedSince(before: Date, page: { limit: number; after?: Hash }): Promise<Hash[]>;
  /** Drops those of the hashes that are still untouched; answers how many. */
  collect(hashes: readonly Hash[], before: Date): Promise<number>;
}

/** One compiled policy tree of a GNS. */
export interface RevisionRecord {
  gns: string;
  number: number;
  root: Hash;
  compilerVersion: number;
  /** The version of the organization's specs that it was compiled from. */
  specVersion: number;
  createdAt: Date;
}

export interface RevisionReader {
  get(gns: string, number: number): Promise<RevisionRecord | undefined>;
  /** Newest first. */
  list(gns: string, page: PageRequest): Promise<Page<RevisionRecord>>;
  /** Those with one of the roots, the newest of each. */
  ofRoots(gns: string, roots: readonly Hash[]): Promise<RevisionRecord[]>;
  /** Of each global namespace that the change can be part of, the first revision that was compiled from it; by global namespace. */
  withChange(change: ResourceChangeRef, page: PageRequest): Promise<Page<RevisionRecord>>;
}

/** Names a change of a resource. */
export interface ResourceChangeRef {
  uid: string;
  /** The resource version that it gave; undefined: it was the deletion. */
  version: string | undefined;
}

/** Where a GNS stands: one row each. */
export interface HeadRecord {
  gns: string;
  /** Specs up to this version are compiled; 0 = never. */
  specVersion: number;
  /** Newest policy revision; 0 = none. */
  policyRevision: number;
  policyRoot: Hash | undefined;
  compilerVersion: number;
  /** Catalog line head; seq 0 = none. */
  catalogEpoch: number;
  catalogSeq: number;
  catalogRoot: Hash | undefined;
  catalogStatement: string | undefined;
  catalogSignature: string | undefined;
  /** Version of the inventory line that the catalog was compiled from. */
  inventoryVersion: number;
  /** Issues of the last compile (JSON array of Issue). */
  policyIssues: unknown[];
  catalogIssues: unknown[];
  /** A change of policy that goes in steps; undefined: none is under way. */
  rollout: RolloutRecord | undefined;
  /** Commit-ordered (line `head`). */
  version: number;
  updatedAt: Date;
}

/** How far a change of policy has come, and which clusters, by uid, it waits for. */
export interface RolloutRecord {
  step: 'expand' | 'switch' | 'done';
  /** `until`: Unix milliseconds. */
  awaits: { cluster: string; until?: number }[];
  callers: string[];
  missed: string[];
}

export interface PolicyPublication {
  gns: string;
  root: Hash;
  compilerVersion: number;
  specVersion: number;
  issues: readonly unknown[];
}

export interface CatalogPublication {
  gns: string;
  /** The seq that this one was compiled on; 0 = none yet. */
  expectedSeq: number;
  next: Ref;
  statement: string;
  signature: string;
  inventoryVersion: number;
  issues: readonly unknown[];
}

export interface HeadRepository {
  get(gns: string): Promise<HeadRecord | undefined>;
  list(gnsIds?: readonly string[]): Promise<HeadRecord[]>;
  /** Reads the head under a row lock (made when absent): whoever holds it compiles alone until commit. */
  lock(gns: string): Promise<HeadRecord>;
  changedSince(version: number, limit: number): Promise<HeadRecord[]>;
  /** A new revision if the root differs from the newest one; `stale` when a newer spec version is already compiled. */
  publishPolicy(
    input: PolicyPublication,
  ): Promise<{ outcome: 'published' | 'same'; revision: number } | { outcome: 'stale'; current: HeadRecord }>;
  /** Moves the catalog head by compare-and-set on seq. */
  publishCatalog(
    input: CatalogPublication,
  ): Promise<{ outcome: 'moved' } | { outcome: 'conflict'; current: HeadRecord }>;
  /** Notes that newer inventory gave the same catalog. */
  confirmCatalog(gns: string, inventoryVersion: number, issues: readonly unknown[]): Promise<void>;
  /** Notes how far a change of policy has come, and when to look again although nobody was heard. */
  setRollout(gns: string, rollout: RolloutRecord | undefined, due: Date | undefined): Promise<void>;
  /** Those of the GNSs of which a change goes in steps. */
  rolling(gnsIds: readonly string[]): Promise<string[]>;
  /** GNSs of which a change has waited long enough. */
  dueRollouts(limit: number): Promise<string[]>;
  /** Forgets a GNS whose targets are all closed. */
  remove(gns: string): Promise<void>;
}
