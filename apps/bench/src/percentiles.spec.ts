import { describe, expect, it } from 'vitest';
import { quantile, summarise } from './percentiles.js';

describe('percentiles', () => {
  it('says NaN, not zero, of an empty series', () => {
    expect(summarise([]).p50).toBeNaN();
  });

  it('takes the nearest rank, so every answer is a measured value', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(quantile(values, 0.5)).toBe(50);
    expect(quantile(values, 0.99)).toBe(99);
    expect(quantile(values, 1)).toBe(100);
    expect(quantile(values, 0)).toBe(1);
  });

  it('does not depend on the order of the values', () => {
    expect(summarise([3, 1, 2])).toEqual(summarise([1, 2, 3]));
  });
});
