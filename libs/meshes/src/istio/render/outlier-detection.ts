import { DEFAULT_MAX_EJECTION_PERCENT, durationText, type FeatureOf, type HostPolicies } from '@isthmus/domain';

type Profile = NonNullable<FeatureOf<'failover'>['detection']>;

/** What each profile comes to; BALANCED and SLOW are measured in docs/adr/103. */
const PROFILES: Readonly<Record<Profile, { errors: number; intervalMs: number; ejectionMs: number }>> = {
  FAST: { errors: 2, intervalMs: 500, ejectionMs: 3_000 },
  BALANCED: { errors: 3, intervalMs: 1_000, ejectionMs: 5_000 },
  SLOW: { errors: 5, intervalMs: 10_000, ejectionMs: 30_000 },
};

/**
 * Without outlier detection there is no failover at all. Gateway errors and failed connections count, errors of the
 * application (500) do not: one bad release must not eject a whole cluster's gateway.
 */
export function detectionProfile({ detection = 'BALANCED', failbackMs }: Partial<FeatureOf<'failover'>> = {}): object {
  const { errors, intervalMs, ejectionMs } = PROFILES[detection];
  return {
    consecutive5xxErrors: 0,
    consecutiveGatewayErrors: errors,
    interval: durationText(intervalMs),
    baseEjectionTime: durationText(failbackMs ?? ejectionMs),
    maxEjectionPercent: DEFAULT_MAX_EJECTION_PERCENT,
  };
}

/**
 * The `outlierDetection` of a destination rule, of a host or one port of it: always written, because failover needs it. What a
 * policy of traffic leaves out is as the profile of the failover policy says.
 */
export function outlierDetection(policies: HostPolicies, port?: number): object {
  const { kind, intervalMs, baseEjectionTimeMs, consecutiveLocalOriginFailures, ...counts } = policies.feature(
    'outlierDetection',
    port,
  ) ?? { kind: undefined };
  const profile = detectionProfile(policies.feature('failover') ?? {});
  if (kind === undefined) return profile;
  return {
    ...profile,
    ...counts,
    ...(intervalMs === undefined ? {} : { interval: durationText(intervalMs) }),
    ...(baseEjectionTimeMs === undefined ? {} : { baseEjectionTime: durationText(baseEjectionTimeMs) }),
    ...(consecutiveLocalOriginFailures === undefined
      ? {}
      : { consecutiveLocalOriginFailures, splitExternalLocalOriginErrors: true }),
  };
}
