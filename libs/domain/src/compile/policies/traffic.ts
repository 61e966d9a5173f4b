import type { Feature } from '../../intent/features/features.js';
import type { TrafficPolicySpec } from '../../resources/policies/traffic-policy.js';
import { durationMs } from '../../resources/text/durations.js';

const ms = (text: string | undefined): number | undefined => (text === undefined ? undefined : durationMs(text));

/** The features that a TrafficPolicy asks for, one a block. */
export function trafficFeatures({ timeout, retry }: TrafficPolicySpec): Feature[] {
  const features: Feature[] = [];
  if (timeout !== undefined) {
    features.push({
      kind: 'timeout',
      requestMs: ms(timeout.request),
      idleMs: ms(timeout.idle),
      connectMs: ms(timeout.connect),
    });
  }
  if (retry !== undefined) {
    const { attempts, perTryTimeout, conditions, statusCodes, backoff } = retry;
    features.push({
      kind: 'retry',
      attempts,
      perTryTimeoutMs: ms(perTryTimeout),
      conditions: conditions && [...new Set(conditions)].sort(),
      statusCodes: statusCodes && [...new Set(statusCodes)].sort((a, b) => a - b),
      backoffMs: ms(backoff),
    });
  }
  return features;
}
