import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Viewer } from '../auth/viewer.js';
import { silentLogger } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { operationRate, windowOf, type OperationRate, type RateLimits } from './rate-limit.js';
import { SharedRates } from './shared-rates.js';

const viewer = (org: string, actor: string): Viewer => ({ org, actor }) as Viewer;

/** As one process counts whose store is away. */
function alone(limits: RateLimits): OperationRate {
  const away = { withTenant: () => Promise.reject(new Error('away')) } as unknown as Store;
  const clock = { now: () => new Date(), monotonicMs: () => Date.now() };
  const rates = new SharedRates({ store: away, clock, log: silentLogger(), windowMs: windowOf(limits) });
  return operationRate(limits, (count) => rates.take(count));
}

function passed(rate: OperationRate, who: Viewer, times: number): number {
  let count = 0;
  for (let index = 0; index < times; index += 1) if (rate.take(who).ok) count += 1;
  return count;
}

describe('operations a second', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('of one caller are refused past ten seconds’ worth of them, and the share of its organization is not used up', () => {
    const rate = alone({ organization: 3, caller: 2 });
    expect(passed(rate, viewer('a', 'token:1'), 100)).toBe(20);
    expect(rate.take(viewer('a', 'token:1'))).toEqual({ ok: false, of: 'caller', retryAfterSeconds: 10 });
    expect(passed(rate, viewer('a', 'token:2'), 100)).toBe(10);
    expect(rate.take(viewer('a', 'token:3'))).toMatchObject({ ok: false, of: 'organization' });
  });

  it('of one organization do not hurt others, whatever their callers are called', () => {
    const rate = alone({ organization: 1, caller: 1 });
    expect(passed(rate, viewer('a', 'token:1'), 11)).toBe(10);
    expect(passed(rate, viewer('b', 'token:1'), 11)).toBe(10);
  });

  it('have room again when the time is over that was told, and not before', () => {
    const rate = alone({ organization: 1, caller: 1 });
    passed(rate, viewer('a', 'token:1'), 10);
    vi.advanceTimersByTime(9_000);
    expect(rate.take(viewer('a', 'token:1'))).toMatchObject({ ok: false, retryAfterSeconds: 1 });
    vi.advanceTimersByTime(1_001);
    expect(rate.take(viewer('a', 'token:1')).ok).toBe(true);
  });
});
