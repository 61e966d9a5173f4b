import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Viewer } from '../auth/viewer.js';
import { operationRate, type OperationRate } from './rate-limit.js';

const viewer = (org: string, actor: string): Viewer => ({ org, actor }) as Viewer;

async function passed(rate: OperationRate, who: Viewer, times: number): Promise<number> {
  let count = 0;
  for (let index = 0; index < times; index += 1) if ((await rate.take(who)).ok) count += 1;
  return count;
}

describe('operations a second', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('of one caller are refused past ten seconds’ worth of them, and the share of its organization is not used up', async () => {
    const rate = operationRate({ organization: 3, caller: 2 });
    expect(await passed(rate, viewer('a', 'token:1'), 100)).toBe(20);
    expect(await rate.take(viewer('a', 'token:1'))).toEqual({ ok: false, of: 'caller', retryAfterSeconds: 10 });
    expect(await passed(rate, viewer('a', 'token:2'), 100)).toBe(10);
    expect(await rate.take(viewer('a', 'token:3'))).toMatchObject({ ok: false, of: 'organization' });
  });

  it('of one organization do not hurt others, whatever their callers are called', async () => {
    const rate = operationRate({ organization: 1, caller: 1 });
    expect(await passed(rate, viewer('a', 'token:1'), 11)).toBe(10);
    expect(await passed(rate, viewer('b', 'token:1'), 11)).toBe(10);
  });

  it('have room again when the time is over that was told, and not before', async () => {
    const rate = operationRate({ organization: 1, caller: 1 });
    await passed(rate, viewer('a', 'token:1'), 10);
    vi.advanceTimersByTime(9_000);
    expect(await rate.take(viewer('a', 'token:1'))).toMatchObject({ ok: false, retryAfterSeconds: 1 });
    vi.advanceTimersByTime(1_001);
    expect((await rate.take(viewer('a', 'token:1'))).ok).toBe(true);
  });
});
