import type { Clock } from '@isthmus/platform';
import { networkOf } from '../server/network-of.js';

/** Tokens and certificates cannot be guessed; the limit keeps one address from using up the gateway. */
const BURST = 60;
const PER_SECOND = 1;
const MAX_ADDRESSES = 10_000;

/** Says whether one more request of an address may be answered now, and if not, when. */
export interface AddressLimit {
  take(address: string): { ok: true } | { ok: false; retryAfterSeconds: number };
}

/** One bucket an address; what was not heard of longest is forgotten first. */
export function createAddressLimit(clock: Clock): AddressLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(address) {
      const key = networkOf(address);
      const now = clock.monotonicMs();
      const known = buckets.get(key) ?? { left: BURST, at: now };
      const left = Math.min(BURST, known.left + ((now - known.at) / 1000) * PER_SECOND);
      buckets.delete(key);
      buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
      const [oldest] = buckets.keys();
      if (buckets.size > MAX_ADDRESSES && oldest !== undefined) buckets.delete(oldest);
      return left >= 1 ? { ok: true } : { ok: false, retryAfterSeconds: Math.ceil((1 - left) / PER_SECOND) };
    },
  };
}
