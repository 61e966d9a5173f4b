import { manualClock } from '@isthmus/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAddressLimit } from './address-limit.js';
import type { AddressLimit } from './address-limit.js';

describe('requests of one address', () => {
  const clock = manualClock();
  let limit: AddressLimit;
  const allowed = (address: string, times: number): number =>
    Array.from({ length: times }, () => limit.take(address)).filter(({ ok }) => ok).length;
  beforeEach(() => {
    limit = createAddressLimit(clock);
  });

  it('are refused after sixty, with the time until the next one, and do not hurt other addresses', () => {
    expect(allowed('192.0.2.1', 61)).toBe(60);
    expect(limit.take('192.0.2.1')).toEqual({ ok: false, retryAfterSeconds: 1 });
    expect(limit.take('192.0.2.2')).toEqual({ ok: true });
    clock.advance(999);
    expect(limit.take('192.0.2.1').ok).toBe(false);
    clock.advance(1);
    expect(allowed('192.0.2.1', 5)).toBe(1);
  });

  it('count together for the addresses of one IPv6 network, however they are written', () => {
    expect(allowed('2001:db8:0:1::1', 60)).toBe(60);
    expect(limit.take('2001:db8:0:1:aaaa::9').ok).toBe(false);
    expect(limit.take('2001:db8:0:2::1').ok).toBe(true);
  });

  it('are forgotten when too many addresses ask', () => {
    expect(allowed('192.0.2.1', 61)).toBe(60);
    for (let index = 0; index < 10_000; index += 1) limit.take(`host-${String(index)}`);
    expect(limit.take('192.0.2.1').ok).toBe(true);
  });
});
