import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullJitter } from './backoff.js';

describe('the wait before a dial', () => {
  it('is never above a ceiling that doubles up to the cap, and starts again after a reset', () => {
    const always = fullJitter({ baseMs: 100, capMs: 500, random: () => 0.999_999 });
    expect([1, 2, 3, 4, 5].map(() => always.next())).toEqual([99, 199, 399, 499, 499]);
    always.reset();
    expect(always.next()).toBe(99);
  });

  it('is spread over the whole range, from nothing on', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (value) => {
        const backoff = fullJitter({ baseMs: 1000, capMs: 1000, random: () => value });
        expect(backoff.next()).toBe(Math.floor(value * 1000));
      }),
    );
  });
});
