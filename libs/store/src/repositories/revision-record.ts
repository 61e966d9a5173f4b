import type { GnsRevision } from '../generated/client.js';
import type { RevisionRecord } from '../types/revisions.js';

/** A row as it is told. */
export function revisionRecord(row: Omit<GnsRevision, 'orgId'>): RevisionRecord {
  return {
    gns: row.gns,
    number: row.number,
    root: row.root,
    compilerVersion: row.compilerVersion,
    specVersion: Number(row.specVersion),
    createdAt: row.createdAt,
  };
}
