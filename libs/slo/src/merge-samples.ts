import type { ServiceSample } from '@isthmus/domain';
import { mergeHistograms } from './histogram.js';

function mergeOf(host: string, samples: readonly ServiceSample[]): ServiceSample {
  const durations = samples.map((sample) => sample.durations).filter((one) => one !== undefined);
  return {
    host,
    total: samples.reduce((sum, { total }) => sum + total, 0),
    errors: samples.reduce((sum, { errors }) => sum + errors, 0),
    ...(durations.length === 0 ? {} : { durations: mergeHistograms(durations) }),
  };
}

/**
 * Samples of a longer stretch of time from those of its parts, one a host, sorted by host. Requests that no histogram holds
 * stay outside of the merged one, so objectives over durations count the same events before and after.
 */
export function mergeSamples(samples: readonly ServiceSample[]): ServiceSample[] {
  const byHost = new Map<string, ServiceSample[]>();
  for (const sample of samples) byHost.set(sample.host, [...(byHost.get(sample.host) ?? []), sample]);
  return [...byHost].sort(([a], [b]) => (a < b ? -1 : 1)).map(([host, parts]) => mergeOf(host, parts));
}
