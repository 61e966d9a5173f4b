import { randomFillSync } from 'node:crypto';
import type { Clock, IdSource } from './types/store.js';

export const systemClock: Clock = { now: () => new Date() };

/** UUIDv7 (RFC 9562, section 6.2, method 1): 48 bits of milliseconds, then a 12-bit counter that keeps ids of one millisecond in order. */
export function uuidv7Source(clock: Clock = systemClock, fill: (bytes: Uint8Array) => void = randomFillSync): IdSource {
  let last = 0;
  let counter = 0;
  return {
    uuid: () => {
      const now = clock.now().getTime();
      if (now > last) {
        last = now;
        counter = 0;
      } else {
        counter += 1;
        if (counter > 0xfff) {
          last += 1;
          counter = 0;
        }
      }
      return format(last, counter, fill);
    },
  };
}

function format(millis: number, counter: number, fill: (bytes: Uint8Array) => void): string {
  const random = new Uint8Array(8);
  fill(random);
  const time = millis.toString(16).padStart(12, '0');
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((random[0] ?? 0) & 0x3f) | 0x80;
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${counter.toString(16).padStart(3, '0')}`,
    variant.toString(16) + tail.slice(2, 4),
    tail.slice(4),
  ].join('-');
}
