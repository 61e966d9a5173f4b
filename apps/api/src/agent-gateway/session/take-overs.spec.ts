import { describe, expect, it } from 'vitest';
import { TakeOvers } from './take-overs.js';

describe('take-overs', () => {
  it('find a copy when two processes come back in turns', () => {
    const takeOvers = new TakeOvers();
    expect(['a', 'b', 'a', 'b'].map((boot) => takeOvers.note('c', boot))).toEqual([false, false, false, true]);
  });

  it('do not take restarts or reconnects for copies, nor one cluster for another', () => {
    const takeOvers = new TakeOvers();
    expect(['a', 'a', 'b', 'b', 'c', 'd', 'd'].some((boot) => takeOvers.note('c', boot))).toBe(false);
    expect(['x', 'y', 'x'].some((boot) => takeOvers.note('d', boot))).toBe(false);
    expect(takeOvers.note('e', 'y')).toBe(false);
  });
});
