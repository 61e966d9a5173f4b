import { durationMs, durationText } from '../../text/durations.js';
import type { Finding } from '../../text/finding.js';
import type { RetrySpec } from './retry.js';

/** Milliseconds of a duration that may be absent or no duration. */
const ms = (text: string | undefined): number | undefined => (text === undefined ? undefined : durationMs(text));

/**
 * What is wrong with a timeout and retries that hold together: a timeout that ends before one try does makes the time of a try
 * void; one that ends before all tries do is only told, because most requests need one.
 */
export function retryTimeFault(request: string | undefined, retry: RetrySpec | undefined): Finding | undefined {
  const [whole, one] = [ms(request), ms(retry?.perTryTimeout)];
  if (retry === undefined || whole === undefined || one === undefined) return undefined;
  const [limit, each] = [durationText(whole), durationText(one)];
  if (whole < one)
    return { code: 'ISM0841', message: `the request ends after ${limit}, before one try of ${each} does` };
  const tries = retry.attempts + 1;
  if (whole >= tries * one) return undefined;
  return { code: 'ISM0842', message: `${tries} tries of ${each} do not fit into ${limit}` };
}
