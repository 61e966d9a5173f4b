/** A fact that something must follow from; ids only. */
export interface OutboxRecord {
  id: string;
  topic: OutboxTopic;
  /** What it is about: a uid. */
  subject: string;
  /** Further ids. */
  ids: Record<string, string>;
  createdAt: Date;
  attempts: number;
}

/**
 * resource.changed: a resource was put or deleted (subject = its uid; ids.kind, ids.project, ids.name).
 * inventory.changed: a cluster's inventory moved (subject = cluster uid). applied.changed: an agent acknowledged something (subject = cluster uid).
 * hold.approved: a person approved held deletions (subject = hold id; ids.kind, ids.cluster, ids.gns). members.due: a member's timer ran out (subject = GNS uid).
 * gns.compile, gns.catalog: policy tree and catalog, or the catalog alone, are to be compiled (subject = GNS uid).
 */
export type OutboxTopic =
  | 'resource.changed'
  | 'inventory.changed'
  | 'applied.changed'
  | 'hold.approved'
  | 'members.due'
  | 'gns.compile'
  | 'gns.catalog';

/** Rows stay until finished; a claim is a lease, so a killed worker's rows come back by themselves. */
export interface OutboxRepository {
  /** Adds a row and nudges listeners after the commit. A row of the same topic and subject that nobody claimed yet is reused. */
  add(row: { topic: OutboxTopic; subject: string; ids?: Record<string, string> }): Promise<void>;
  /** Oldest first; rows under a live lease are skipped. */
  claim(options: { limit: number; leaseMs: number; topics?: readonly OutboxTopic[] }): Promise<OutboxRecord[]>;
  /** Claims every unfinished row of the topics about that subject, leased or not: what is added from now on is new work. Answers their ids. */
  take(options: { topics: readonly OutboxTopic[]; subject: string; leaseMs: number }): Promise<string[]>;
  /** Subjects of the topic's unfinished rows, claimed ones included; sorted. */
  open(topic: OutboxTopic): Promise<string[]>;
  finish(ids: readonly string[]): Promise<void>;
  /** Gives rows back at once, or after a pause. */
  release(ids: readonly string[], options?: { delayMs: number }): Promise<void>;
  /** Rows not finished yet. */
  pending(): Promise<number>;
  /** Drops finished rows older than that; answers how many. */
  prune(before: Date): Promise<number>;
}
