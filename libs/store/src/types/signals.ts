/** One packed row per cluster, GNS and minute. */
export interface SignalMinute {
  cluster: string;
  gns: string;
  minute: Date;
  /** What the agent measured, as the protocol defines it. */
  body: unknown;
}

export interface SignalRepository {
  /** Late rows replace earlier ones of the same minute; fenced by session. */
  write(
    from: { cluster: string; session: number },
    rows: readonly Omit<SignalMinute, 'cluster'>[],
  ): Promise<'written' | 'fenced'>;
  /** From inclusive, to exclusive; sorted by minute and cluster. */
  range(gns: string, from: Date, to: Date): Promise<SignalMinute[]>;
  latest(gns: string): Promise<SignalMinute[]>;
  prune(before: Date): Promise<number>;
}
