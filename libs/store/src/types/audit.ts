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
}

export interface AuditFilter {
  actor?: string;
  action?: string;
  subjectKind?: string;
  subjectId?: string;
  from?: Date;
  to?: Date;
}

/** Newest first. */
export interface AuditReader {
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>>;
}

/** Keyset paging: `after` is the opaque cursor of the last row seen. */
export interface PageRequest {
  /** 1 to 1000. */
  first: number;
  after?: string;
}

export interface Page<T> {
  items: { cursor: string; record: T }[];
  hasNextPage: boolean;
}
