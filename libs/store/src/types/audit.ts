import type { OneOrSome } from './one-or-some.js';

/** Who acts, and how it reached us. */
export interface AuditInfo {
  /** `user:…`, `token:…`, `agent:…`, `system:…` */
  actor: string;
  /** `putResource`, `approvePrune`, … */
  action: string;
  requestId?: string;
  tokenId?: string;
  ip?: string;
}

export interface AuditSubject {
  /** Kind of what was changed: a resource kind, `ApiToken`, `Hold`, … */
  kind: string;
  /** Its uid or id. */
  id: string;
  project?: string;
  name?: string;
  before?: unknown;
  after?: unknown;
}

export interface AuditRecord extends AuditInfo {
  id: string;
  at: Date;
  subjectKind: string;
  subjectId: string;
  project: string;
  name: string;
  before?: unknown;
  after?: unknown;
  /** The seal that it is in; undefined until it is sealed. */
  seal?: number;
}

export interface AuditFilter {
  /** Only of subjects in one of these projects. */
  projects?: readonly string[];
  /** Only by this actor, or by one of these. */
  actor?: OneOrSome;
  action?: string;
  subjectKind?: string;
  subjectId?: string;
  from?: Date;
  to?: Date;
  /** Only changes in this seal. */
  seal?: number;
  /** False: only changes in no seal yet; true: only the others. */
  sealed?: boolean;
}

/** Changes of resources that a global namespace was compiled from, by the versions that they gave the organization's specs. */
export interface ChangeRange {
  /** Uid of the global namespace, which may be gone. */
  gns: string;
  /** Changes after this version… */
  after: number;
  /** …up to this one. */
  through: number;
  /** Only of resources in one of these projects. */
  projects?: readonly string[];
}

/** Newest first. */
export interface AuditReader {
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>>;
  /** The changes of resources that can be part of what the global namespace compiles to. */
  changesOf(range: ChangeRange, page: PageRequest): Promise<Page<AuditRecord>>;
}

/** A batch of changes that was closed for good, as the domain's `AuditSeal`. */
export interface AuditSealRecord {
  seq: number;
  rows: number;
  rowsHash: string;
  previous: string;
  sealedAt: Date;
  hash: string;
  signature: string;
}

export interface AuditSealRepository {
  /** In the order in which they follow each other. */
  list(page: PageRequest): Promise<Page<AuditSealRecord>>;
  last(): Promise<AuditSealRecord | undefined>;
  /** The first changes by id that are in no seal. */
  unsealed(limit: number): Promise<AuditRecord[]>;
  /** Closes a batch over changes that are in no seal yet; throws if one of them is. */
  put(seal: AuditSealRecord, ids: readonly string[]): Promise<void>;
}

/** Keyset paging: `after` is the opaque cursor of the last row seen. */
export interface PageRequest {
  /** 1 to 1000. */
  first: number;
  after?: string;
  /** Rows that are passed over after `after`: 0, the default, to 1,000,000. They are read by the database all the same. */
  offset?: number;
}

export interface Page<T> {
  items: { cursor: string; record: T }[];
  hasNextPage: boolean;
}
