import { describe, expect, it } from 'vitest';
import { attainment, burnRate, errorBudget } from './error-budget.js';

describe('without events', () => {
  it('there is no attainment, no budget and no burn rate', () => {
    const none = { good: 0, total: 0 };
    expect([attainment(none), errorBudget(none, 999_000), burnRate(none, 999_000)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('an error budget', () => {
  it('may be overspent', () => {
    expect(errorBudget({ good: 997, total: 1000 }, 999_000)).toEqual({ allowed: 1, spent: 3, remaining: -2 });
  });

  it('is used up exactly at the objective', () => {
    expect(errorBudget({ good: 999, total: 1000 }, 999_000)).toEqual({ allowed: 1, spent: 1, remaining: 0 });
  });

  it('follows the example of the SRE workbook: 99.9 % of 3,000,000 requests in 4 weeks leave 3,000 errors', () => {
    expect(errorBudget({ good: 3_000_000 - 1_500, total: 3_000_000 }, 999_000)).toEqual({
      allowed: 3_000,
      spent: 1_500,
      remaining: 0.5,
    });
  });

  it('is untouched without a bad event', () => {
    expect(errorBudget({ good: 10, total: 10 }, 500_000)).toMatchObject({ spent: 0, remaining: 1 });
  });
});

describe('a burn rate', () => {
  it('is 1 at the objective, 0 without errors, and 1 / (1 − objective) if all is bad', () => {
    expect(burnRate({ good: 999, total: 1000 }, 999_000)).toBe(1);
    expect(burnRate({ good: 1000, total: 1000 }, 999_000)).toBe(0);
    expect(burnRate({ good: 0, total: 1000 }, 999_000)).toBe(1000);
  });

  it('follows the workbook: 2 % of a 30-day budget in one hour is a rate of 14.4', () => {
    const hourOfBudget = 1 / (30 * 24);
    const errorRate = (0.02 / hourOfBudget) * 0.001;
    expect(burnRate({ good: 1 - errorRate, total: 1 }, 999_000)).toBeCloseTo(14.4, 6);
  });
});
