/**
 * Requests to one host in one cluster, counted at the servers during one stretch of time. Counts may be fractions, because
 * stores of metrics estimate what happened between two scrapes.
 */
export interface ServiceSample {
  host: string;
  total: number;
  /** Requests that failed: status 5xx, or a gRPC status other than OK. */
  errors: number;
  /** Durations; absent where the mesh measured none. */
  durations?: DurationHistogram;
}

/**
 * `counts[i]` requests took more than `bounds[i - 1]` and at most `bounds[i]` milliseconds; the last of them, one more than
 * there are bounds, took longer than all bounds. Bounds ascend.
 */
export interface DurationHistogram {
  bounds: number[];
  counts: number[];
}
