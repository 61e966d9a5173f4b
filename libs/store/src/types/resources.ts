import type { LabelExpression, Resource, ResourceKind } from '@isthmus/domain';
import type { Page, PageRequest } from './audit.js';

/** Names one resource; `project` is the empty string for kinds that belong to the organization (Cluster, ClusterGroup, Project). */
export interface ResourceKey {
  kind: ResourceKind;
  project: string;
  name: string;
}

export interface ResourceRecord extends ResourceKey {
  uid: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: Resource['spec'];
  /** Grows with each change of the spec. */
  generation: number;
  /** Grows with each change whatsoever; compared for equality only. */
  resourceVersion: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface ResourceInput extends ResourceKey {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec: Resource['spec'];
  /** undefined: whatever is there; null: nothing may be there; else: that very version. */
  expectedVersion?: string | null;
}

export type PutOutcome =
  | { outcome: 'created'; record: ResourceRecord }
  | { outcome: 'updated'; record: ResourceRecord; before: ResourceRecord }
  | { outcome: 'unchanged'; record: ResourceRecord }
  | { outcome: 'conflict'; current: ResourceRecord | undefined };

export type DeleteOutcome =
  | { outcome: 'deleted'; record: ResourceRecord }
  | { outcome: 'absent' }
  | { outcome: 'conflict'; current: ResourceRecord };

/** Which resources may be told to somebody: those of the kinds, as far as the rest of what is given holds. */
export interface ResourceBound {
  kinds: readonly ResourceKind[];
  /** In this project; of the kind Project that one itself. */
  project?: string;
  /** Of that project these global namespaces, and policies whose targets all name one of them. */
  globalNamespaces?: readonly string[];
  names?: readonly string[];
}

export interface ResourceFilter {
  /** Only what fits one of these; none: nothing. Not given: everything. */
  within?: readonly ResourceBound[];
  kinds?: readonly ResourceKind[];
  project?: string;
  names?: readonly string[];
  uids?: readonly string[];
  /** All of them, as selectors mean them: `NotIn` also holds where there is no such label. */
  labelExpressions?: readonly LabelExpression[];
  /** Part of the name, case-insensitive. */
  search?: string;
}

export interface ResourceOrder {
  field: 'name' | 'createdAt' | 'updatedAt';
  direction: 'ASC' | 'DESC';
}

/** One stored generation of a resource, deleted ones included. */
export interface ResourceGeneration extends ResourceKey {
  uid: string;
  generation: number;
  resourceVersion: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: Resource['spec'];
  /** Set on the entry that a deletion leaves. */
  deleted: boolean;
  at: Date;
  actor: string;
}

/** That somebody made, changed or deleted a resource. */
export interface ResourceChange extends ResourceKey {
  actor: string;
}

/** Resources that were made or changed, as they are now, and those that are gone. */
export interface ResourcesSince {
  changed: ResourceRecord[];
  gone: ResourceKey[];
}

export interface ResourceReader {
  get(key: ResourceKey): Promise<ResourceRecord | undefined>;
  byUid(uid: string): Promise<ResourceRecord | undefined>;
  byUids(uids: readonly string[]): Promise<ResourceRecord[]>;
  /** Resources of a kind without projects, by uid or by name, in the order of uids. */
  byUidsOrNames(kind: ResourceKind, refs: readonly string[]): Promise<ResourceRecord[]>;
  list(filter: ResourceFilter, page: PageRequest, order?: ResourceOrder): Promise<Page<ResourceRecord>>;
  count(filter: ResourceFilter): Promise<number>;
  /** Every resource of these kinds, sorted by kind, project, name: input of a compile. */
  all(kinds: readonly ResourceRecord['kind'][]): Promise<ResourceRecord[]>;
  history(uid: string, page: PageRequest): Promise<Page<ResourceGeneration>>;
  /** Version of the organization's specs: grows in commit order with each change of any resource. */
  specVersion(): Promise<number>;
  /** Who changed which resources after one version of the specs up to another one, deletions too; in the order of the changes. */
  changesBetween(after: number, upTo: number): Promise<ResourceChange[]>;
}

/** Each change writes the resource, its generation, an audit row and an outbox row (topic `resource.changed`) together. */
export interface ResourceRepository extends ResourceReader {
  /**
   * What is read of resources from now on stays true until commit, but for what this transaction writes. Answers a stamp of what is
   * stored as this transaction sees it: an organization's resources are the same ones whenever it is the same.
   */
  lock(): Promise<string>;
  /** What became of resources since they had this stamp; undefined if that cannot be told, and everything must be read. */
  since(stamp: string): Promise<ResourcesSince | undefined>;
  put(input: ResourceInput): Promise<PutOutcome>;
  delete(key: ResourceKey, expectedVersion?: string): Promise<DeleteOutcome>;
}
