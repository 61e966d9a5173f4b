import { durationText, type HostPolicies } from '@isthmus/domain';

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

/**
 * The `outlierDetection` of a destination rule, of a host or one port of it: always written, because failover needs it. What a
 * policy leaves out stays as it is without one.
 */
export function outlierDetection(policies: HostPolicies, port?: number): object {
  const { kind, intervalMs, baseEjectionTimeMs, consecutiveLocalOriginFailures, ...counts } = policies.feature(
    'outlierDetection',
    port,
  ) ?? { kind: undefined };
  if (kind === undefined) return OUTLIER_DETECTION;
  return {
    ...OUTLIER_DETECTION,
    ...counts,
    ...(intervalMs === undefined ? {} : { interval: durationText(intervalMs) }),
    ...(baseEjectionTimeMs === undefined ? {} : { baseEjectionTime: durationText(baseEjectionTimeMs) }),
    ...(consecutiveLocalOriginFailures === undefined
      ? {}
      : { consecutiveLocalOriginFailures, splitExternalLocalOriginErrors: true }),
  };
}
