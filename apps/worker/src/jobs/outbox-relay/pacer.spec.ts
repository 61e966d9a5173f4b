import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.js';

describe('the pace of a burst', () => {
  it('lets the first pass at once, and what follows share the next turn', () => {
    const pacer = new Pacer(1000);
    expect(pacer.delay('a', 0)).toBe(0);
    expect(pacer.delay('a', 1)).toBe(999);
    expect(pacer.delay('a', 999)).toBe(1);
    expect(pacer.delay('a', 1000)).toBe(0);
    expect(pacer.delay('a', 1001)).toBe(999);
  });

  it('is kept for each key alone', () => {
    const pacer = new Pacer(1000);
    expect(pacer.delay('a', 0)).toBe(0);
    expect(pacer.delay('b', 1)).toBe(0);
  });
});
