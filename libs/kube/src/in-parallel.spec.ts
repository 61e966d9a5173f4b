import { describe, expect, it } from 'vitest';
import { inParallel } from './in-parallel.js';

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('bounded parallel work', () => {
  it('begins nothing more after a throw, and throws when what has begun is done', async () => {
    const begun: number[] = [];
    const work = inParallel([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      await pause();
      if (item === 2) throw new Error('two');
    });
    await expect(work).rejects.toThrow('two');
    expect(begun.length).toBeLessThanOrEqual(4);
  });

  it('keeps the order and never exceeds the limit', async () => {
    let now = 0;
    let most = 0;
    const results = await inParallel([5, 4, 3, 2, 1], 3, async (item) => {
      most = Math.max(most, ++now);
      await pause();
      now -= 1;
      return item * 2;
    });
    expect(results).toEqual([10, 8, 6, 4, 2]);
    expect(most).toBe(3);
    expect(await inParallel([], 3, pause)).toEqual([]);
  });
});
