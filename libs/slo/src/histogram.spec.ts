import type { DurationHistogram } from '@isthmus/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, fasterThan, isHistogram, mergeHistograms, quantile } from './histogram.js';

const h = (bounds: number[], counts: number[]): DurationHistogram => ({ bounds, counts });

const histogram = fc
  .uniqueArray(fc.constantFrom(1, 5, 10, 25, 50, 100, 250, 500, 1000), { maxLength: 9 })
  .map((bounds) => bounds.sort((a, b) => a - b))
  .chain((bounds) =>
    fc
      .array(fc.nat(1000), { minLength: bounds.length + 1, maxLength: bounds.length + 1 })
      .map((counts) => ({ bounds, counts })),
  );

describe('a histogram', () => {
  it('is none with bounds that do not ascend, a count too few, or a negative count', () => {
    expect(isHistogram(h([5, 5], [1, 1, 1]))).toBe(false);
    expect(isHistogram(h([10, 5], [1, 1, 1]))).toBe(false);
    expect(isHistogram(h([5], [1]))).toBe(false);
    expect(isHistogram(h([5], [1, -1]))).toBe(false);
    expect(isHistogram(h([Number.POSITIVE_INFINITY], [1, 1]))).toBe(false);
    expect(isHistogram(h([5], [Number.NaN, 1]))).toBe(false);
  });

  it('is one with ascending bounds and one count more', () => {
    expect(isHistogram(h([], [0]))).toBe(true);
    expect(isHistogram(h([5, 10], [1, 2, 3]))).toBe(true);
  });
});

describe('merging', () => {
  it('of nothing is no requests', () => expect(mergeHistograms([])).toEqual(h([], [0])));

  it('adds counts under equal bounds', () => {
    expect(mergeHistograms([h([5, 10], [1, 2, 3]), h([5, 10], [10, 20, 30])])).toEqual(h([5, 10], [11, 22, 33]));
  });

  it('keeps only shared bounds where bounds differ, at which every count is exact', () => {
    expect(mergeHistograms([h([5, 10, 100], [1, 2, 3, 4]), h([10, 50], [7, 1, 1])])).toEqual(h([10], [10, 9]));
  });

  it('keeps the number of requests where no bound is shared', () => {
    expect(mergeHistograms([h([5], [1, 2]), h([7], [3, 4])])).toEqual(h([], [10]));
  });

  it('loses no request and does not depend on order', () => {
    fc.assert(
      fc.property(fc.array(histogram, { minLength: 1, maxLength: 5 }), (all) => {
        const merged = mergeHistograms(all);
        expect(isHistogram(merged)).toBe(true);
        expect(countOf(merged)).toBe(all.reduce((sum, one) => sum + countOf(one), 0));
        expect(mergeHistograms([...all].reverse())).toEqual(merged);
      }),
    );
  });

  it('knows as many fast requests at a shared bound as its parts do', () => {
    fc.assert(
      fc.property(fc.array(histogram, { minLength: 1, maxLength: 4 }), (all) => {
        const merged = mergeHistograms(all);
        for (const bound of merged.bounds) {
          const parts = all.reduce((sum, one) => sum + fasterThan(one, bound).atLeast, 0);
          expect(fasterThan(merged, bound)).toEqual({ atLeast: parts, atMost: parts });
        }
      }),
    );
  });
});

describe('requests faster than a threshold', () => {
  const one = h([5, 10, 100], [1, 2, 4, 8]);

  it('are known exactly at a bound', () => {
    expect(fasterThan(one, 5)).toEqual({ atLeast: 1, atMost: 1 });
    expect(fasterThan(one, 100)).toEqual({ atLeast: 7, atMost: 7 });
  });

  it('are known from below and above between bounds', () => {
    expect(fasterThan(one, 4)).toEqual({ atLeast: 0, atMost: 1 });
    expect(fasterThan(one, 99)).toEqual({ atLeast: 3, atMost: 7 });
    expect(fasterThan(one, 101)).toEqual({ atLeast: 7, atMost: 15 });
  });
});

describe('a quantile', () => {
  it('is unknown without requests or bounds', () => {
    expect(quantile(h([5], [0, 0]), 0.5)).toBeUndefined();
    expect(quantile(h([], [7]), 0.5)).toBeUndefined();
  });

  it('is linear inside of a bucket, as in Prometheus', () => {
    expect(quantile(h([10, 20], [10, 10, 0]), 0.5)).toBe(10);
    expect(quantile(h([10, 20], [10, 10, 0]), 0.75)).toBe(15);
    expect(quantile(h([10, 20], [10, 0, 0]), 0.1)).toBe(1);
  });

  it('is the highest bound if it lies above all', () => expect(quantile(h([10, 20], [1, 1, 98]), 0.99)).toBe(20));

  it('grows with its share and stays within the bounds', () => {
    fc.assert(
      fc.property(
        histogram,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, a, b) => {
          const [low, high] = [quantile(one, Math.min(a, b)), quantile(one, Math.max(a, b))];
          if (low === undefined || high === undefined) return;
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(one.bounds.at(-1) ?? 0);
        },
      ),
    );
  });
});
