/**
 * Channels of NOTIFY. A notification is a hint that something changed, never the news itself.
 * `outbox`: rows to do. `lines`: a version of a line grew. `resources`: a resource changed. `agents`: a cluster was connected, revoked or decided upon.
 */
export type Channel = 'outbox' | 'lines' | 'resources' | 'agents';

export interface Notification {
  org: string;
  /** lines: the line's name; resources: kind; agents: cluster uid; outbox: topic. */
  subject: string;
  /** lines: the version; resources: uid; agents: what happened; else absent. */
  detail?: string;
}

export interface Subscription {
  /** Resolves once LISTEN is in force. */
  ready: Promise<void>;
  close(): Promise<void>;
}

/** Counters per organization whose order is the order of commits, so "changed since" misses nothing. */
export type Line = 'spec' | 'inventory' | 'head' | 'target' | 'applied' | 'agent' | 'hold';
