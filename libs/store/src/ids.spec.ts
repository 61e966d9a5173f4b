import { describe, expect, it } from 'vitest';
import { uuidv7Source } from './ids.js';

const zeros = (bytes: Uint8Array) => void bytes.fill(0);
const at = (millis: number) => ({ now: () => new Date(millis) });

describe('uuidv7Source', () => {
  it('writes time, version, counter and variant where RFC 9562 has them', () => {
    expect(uuidv7Source(at(0x017f22e279b0), zeros).uuid()).toBe('017f22e2-79b0-7000-8000-000000000000');
  });

  it('grows within one millisecond, over the end of the counter, and when the clock goes back', () => {
    let now = 1_000;
    const source = uuidv7Source({ now: () => new Date(now) }, zeros);
    const ids = Array.from({ length: 5_000 }, (_, index) => {
      if (index === 4_500) now = 10;
      return source.uuid();
    });
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(5_000);
  });

  it('makes ids of random bytes that look like UUIDs', () => {
    expect(uuidv7Source().uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
