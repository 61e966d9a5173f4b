/**
 * Without outlier detection there is no failover at all. Gateway errors and failed connections count, errors of the
 * application (500) do not: one bad release must not eject a whole cluster's gateway. All endpoints may be ejected, else
 * a small pool keeps its dead pods.
 */
const OUTLIER_DETECTION = {
  consecutive5xxErrors: 0,
  consecutiveGatewayErrors: 3,
  interval: '1s',
  baseEjectionTime: '5s',
  maxEjectionPercent: 100,
} as const;

/** The `outlierDetection` of a destination rule: always written, because failover needs it. */
export function outlierDetection(): object {
  return OUTLIER_DETECTION;
}
