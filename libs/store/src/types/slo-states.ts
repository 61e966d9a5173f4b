/** Names one objective over one host, or over all hosts of a global namespace if `host` is empty. */
export interface SloStateKey {
  gns: string;
  /** Uid of the policy. */
  slo: string;
  host: string;
}

/** What came out of the last evaluation. */
export interface SloReportRecord extends SloStateKey {
  /** As the worker wrote it. */
  report: unknown;
  evaluatedAt: Date;
}

/** What evaluating goes on from. */
export interface SloStateRecord extends SloStateKey {
  /** What the state depends on; one of another shape is to be built anew. */
  shape: string;
  /** Minutes before this are counted for good. */
  sealedUntil: Date;
  state: unknown;
}

/** Without a state only the report is new. */
export type SloStateWrite = Omit<SloReportRecord, 'gns' | 'slo'> & Partial<Pick<SloStateRecord, 'state'>>;

export interface SloStateRepository {
  /** States of one objective in one GNS, sorted by host. */
  states(of: Pick<SloStateKey, 'gns' | 'slo'>): Promise<SloStateRecord[]>;
  /** Writes all hosts of one objective in one GNS; hosts that are not among the rows are forgotten. */
  write(
    of: Pick<SloStateKey, 'gns' | 'slo'> & Pick<SloStateRecord, 'shape' | 'sealedUntil'>,
    rows: readonly SloStateWrite[],
  ): Promise<void>;
  /** Reports of some GNSs, of some policies or of a host, the empty one for all hosts together; sorted by GNS, policy and host. */
  reports(of: { gns: readonly string[] } | { slo: readonly string[] } | { host: string }): Promise<SloReportRecord[]>;
  /** Objectives that are recorded, by GNS and policy. */
  list(): Promise<Pick<SloStateKey, 'gns' | 'slo'>[]>;
  remove(of: Pick<SloStateKey, 'gns' | 'slo'>): Promise<void>;
}
