import type { FeatureOf } from '../../intent/features/features.js';
import { matchFeature } from '../../resources/policies/traffic/route-match.js';
import type { GlobalRateLimitSpec, LocalRateLimitSpec } from '../../resources/policies/traffic/rate-limits.js';
import { durationMs } from '../../resources/text/durations.js';
import { byCodeUnit } from '../../tree/canonical.js';

const SECOND_MS = 1_000;
const ASKING_MS = 100;

type Bucket = Pick<LocalRateLimitSpec, 'requests' | 'interval' | 'burst'>;

function bucketOf({ requests, interval = '1s', burst = requests }: Bucket) {
  return { requests, intervalMs: durationMs(interval) ?? SECOND_MS, burst };
}

/** The limit of each proxy as intent. */
export function localRateLimitFeature({ rules, ...whole }: LocalRateLimitSpec): FeatureOf<'localRateLimit'> {
  return {
    kind: 'localRateLimit',
    ...bucketOf(whole),
    rules: rules
      ?.map(({ name, match, ...bucket }) => ({ name, match: matchFeature(match), ...bucketOf(bucket) }))
      .sort((a, b) => byCodeUnit(a.name, b.name)),
  };
}

/** The limit that a service keeps as intent. */
export function globalRateLimitFeature(spec: GlobalRateLimitSpec): FeatureOf<'globalRateLimit'> {
  const { service, domain, timeout, failureMode, descriptors } = spec;
  return {
    kind: 'globalRateLimit',
    host: service.host,
    port: service.port,
    domain,
    timeoutMs: timeout === undefined ? ASKING_MS : (durationMs(timeout) ?? ASKING_MS),
    failureMode,
    descriptors: descriptors.map(({ entries }) =>
      entries.map(({ key, value, match, header }) => ({
        key,
        value,
        match: match && matchFeature(match),
        header: header?.toLowerCase(),
      })),
    ),
  };
}
