import type { Feature } from '../../intent/features/features.js';
import type { TelemetryPolicySpec } from '../../resources/policies/telemetry-policy.js';
import { durationMs } from '../../resources/text/durations.js';
import { byCodeUnit } from '../../tree/canonical.js';

type Block<K extends keyof TelemetryPolicySpec> = NonNullable<TelemetryPolicySpec[K]>;

function accessLogs({ enabled, side, provider, filter }: Block<'accessLogs'>): Feature {
  const { statusFrom, slowerThan, expression } = filter ?? {};
  const slowerThanMs = slowerThan === undefined ? undefined : durationMs(slowerThan);
  return {
    kind: 'accessLogs',
    enabled,
    side,
    provider,
    ...(filter === undefined ? {} : { filter: { statusFrom, slowerThanMs, expression } }),
  };
}

function metrics({ provider, overrides }: Block<'metrics'>): Feature {
  return {
    kind: 'metrics',
    provider,
    overrides: overrides.map(({ metric, side, disabled, tags }) => ({
      metric,
      side,
      disabled,
      tags: tags
        ?.map(({ name, value }) => ({ name, ...(value === undefined ? {} : { value }) }))
        .sort((a, b) => byCodeUnit(a.name, b.name)),
    })),
  };
}

/** The features that a TelemetryPolicy asks for, one a block. */
export function telemetryFeatures(spec: TelemetryPolicySpec): Feature[] {
  const { tracing } = spec;
  return [
    ...(spec.accessLogs === undefined ? [] : [accessLogs(spec.accessLogs)]),
    ...(tracing === undefined
      ? []
      : [
          {
            kind: 'tracing' as const,
            samplingBasisPoints: Math.round(tracing.samplingPercent * 100),
            provider: tracing.provider,
            side: tracing.side,
          },
        ]),
    ...(spec.metrics === undefined ? [] : [metrics(spec.metrics)]),
  ];
}
