import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterShares } from './cluster-shares.js';

const sharesOf = (...weights: number[]) => [
  ...clusterShares(weights.map((weight, cluster) => ({ cluster, weight }))).values(),
];

describe('shares of clusters', () => {
  it('are the weights themselves if these are percents', () => {
    expect(sharesOf(90, 10)).toEqual([90, 10]);
    expect(sharesOf(1, 98, 1)).toEqual([1, 98, 1]);
  });

  it('give what rounding leaves to the greatest remainders, the first ones first', () => {
    expect(sharesOf(1, 1, 1)).toEqual([34, 33, 33]);
    expect(sharesOf(100, 200, 300)).toEqual([17, 33, 50]);
  });

  it('leave at least one percent to the least', () => {
    expect(sharesOf(1, 9_999)).toEqual([1, 99]);
    expect(sharesOf(124, 123, 1, 1, 1)).toEqual([49, 48, 1, 1, 1]);
    expect(sharesOf(...Array.from({ length: 100 }, (_, index) => (index === 0 ? 10_000 : 1)))).toEqual(
      Array.from({ length: 100 }, () => 1),
    );
  });

  it('add up to 100 and keep the order of the weights', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(weights, (some) => {
        const shares = sharesOf(...some);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(1);
        for (const [a, weight] of some.entries()) {
          const lighter = some.findIndex((other, b) => weight > other && (shares[a] ?? 0) < (shares[b] ?? 0));
          expect(lighter).toBe(-1);
        }
      }),
    );
  });
});
