/** Where somebody was refused: in the TLS handshake, at enrolment, at the door for expired certificates, or when a stream was to be opened. */
export type RefusalDoor = 'tls' | 'enrol' | 'renew' | 'stream';

export interface RefusalNote {
  /** Empty: it is not known whose agent it was; then one that was seen at this address before counts. */
  cluster: string;
  door: RefusalDoor;
  /** Issue code. */
  code: string;
  message: string;
  address: string;
  /** How often since the last note. */
  count: number;
}

export interface RefusalRecord extends RefusalNote {
  firstAt: Date;
  lastAt: Date;
}

/** Who was refused before there was a stream that could have told; a bounded number for each cluster. */
export interface RefusalRepository {
  note(notes: readonly RefusalNote[]): Promise<void>;
  /** Of the clusters, and those that nobody can be told from; newest first. */
  list(clusters: readonly string[]): Promise<RefusalRecord[]>;
  clear(cluster: string): Promise<void>;
}

/** A line on which nothing is pushed. */
export interface LineStopRecord {
  cluster: string;
  gns: string;
  line: string;
  /** Statements of this epoch or an earlier one are not pushed. */
  epoch: number;
  message: string;
  since: Date;
}

/** The database was found behind an agent, or beside it; that stands until the epoch is raised. */
export interface LineStopRepository {
  add(stop: Omit<LineStopRecord, 'since'>): Promise<void>;
  /** Those that are in force; without clusters, of all. */
  list(clusters?: readonly string[]): Promise<LineStopRecord[]>;
}
