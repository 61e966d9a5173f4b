import type { FeatureOf } from '../../intent/features/features.js';
import type { RetrySpec } from '../../resources/policies/traffic/retry.js';
import { durationMs } from '../../resources/text/durations.js';

const ms = (text: string | undefined): number | undefined => (text === undefined ? undefined : durationMs(text));

/** Retries of a block or a rule. */
export function retryFeature({
  attempts,
  perTryTimeout,
  conditions,
  statusCodes,
  backoff,
}: RetrySpec): FeatureOf<'retry'> {
  return {
    kind: 'retry',
    attempts,
    perTryTimeoutMs: ms(perTryTimeout),
    conditions: conditions && [...new Set(conditions)].sort(),
    statusCodes: statusCodes && [...new Set(statusCodes)].sort((a, b) => a - b),
    backoffMs: ms(backoff),
  };
}
