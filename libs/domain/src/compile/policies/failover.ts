import type { Feature, FeatureOf } from '../../intent/features/features.js';
import type { FailoverPolicySpec } from '../../resources/policies/failover-policy.js';
import { durationMs } from '../../resources/text/durations.js';
import { byCodeUnit } from '../../tree/canonical.js';

const sorted = (values: readonly string[]): string[] => [...new Set(values)].sort(byCodeUnit);

const points = (percent: number): number => percent * 100;

function failoverFeature(block: NonNullable<FailoverPolicySpec['failover']>): FeatureOf<'failover'> {
  const { mode, tiers, clusterWeights, minHealthyPercent, detection, failbackAfter } = block;
  return {
    kind: 'failover',
    mode,
    tiers: tiers?.map(({ clusters, regions }) => ({
      ...(clusters === undefined ? {} : { clusters: sorted(clusters) }),
      ...(regions === undefined ? {} : { regions: sorted(regions) }),
    })),
    clusterWeights: clusterWeights
      ?.map(({ cluster, percent }) => ({ cluster, share: points(percent) }))
      .sort((a, b) => byCodeUnit(a.cluster, b.cluster)),
    minHealthy: minHealthyPercent === undefined ? undefined : points(minHealthyPercent),
    detection,
    failbackMs: failbackAfter === undefined ? undefined : durationMs(failbackAfter),
  };
}

/** The features that a FailoverPolicy asks for, one a block. */
export function failoverFeatures({ failover, cordon }: FailoverPolicySpec): Feature[] {
  const features: Feature[] = failover === undefined ? [] : [failoverFeature(failover)];
  if (cordon === undefined) return features;
  const { clusters, mode, force } = cordon;
  const drain = mode === 'DRAIN' ? { drain: true as const } : {};
  return [...features, { kind: 'cordon', clusters: sorted(clusters), ...drain, ...(force === true ? { force } : {}) }];
}
