/** One packed row per cluster, GNS and minute. */
export interface SignalMinute {
  cluster: string;
  gns: string;
  minute: Date;
  /** What the agent measured, as the protocol defines it. */
  body: unknown;
}

/** What remains of the minutes of an hour. */
export interface SignalHour {
  cluster: string;
  gns: string;
  hour: Date;
  /** As the body of a minute. */
  body: unknown;
}

export interface SignalRepository {
  /** Late rows replace earlier ones of the same minute, equal ones change nothing; fenced by session. */
  write(
    from: { cluster: string; session: number },
    rows: readonly Omit<SignalMinute, 'cluster'>[],
  ): Promise<'written' | 'fenced'>;
  /** From inclusive, to exclusive; sorted by minute and cluster. */
  range(gns: string, from: Date, to: Date): Promise<SignalMinute[]>;
  latest(gns: string): Promise<SignalMinute[]>;
  prune(before: Date): Promise<number>;
  /** Hours of which minutes are kept that began before; the oldest first. */
  hoursWithMinutes(before: Date, limit: number): Promise<{ gns: string; hour: Date }[]>;
  /** Puts an hour in place of its minutes: what is not among the rows is forgotten. */
  rollUp(of: { gns: string; hour: Date }, rows: readonly Pick<SignalHour, 'cluster' | 'body'>[]): Promise<void>;
  /** From inclusive, to exclusive; sorted by hour and cluster. */
  hours(gns: string, from: Date, to: Date): Promise<SignalHour[]>;
  pruneHours(before: Date): Promise<number>;
}
