import { describe, expect, it } from 'vitest';
import { byBudget, percent, times } from './slo-numbers.js';

describe('numbers of objectives', () => {
  it('stand by what is left, the least first, and what was not measured last', () => {
    const reports = [0.5, null, -2, 1, null, 0].map((errorBudgetRemaining) => ({ errorBudgetRemaining }));
    expect(byBudget(reports).map(({ errorBudgetRemaining }) => errorBudgetRemaining)).toEqual([
      -2,
      0,
      0.5,
      1,
      null,
      null,
    ]);
  });

  it('never show what was not measured as a number', () => {
    expect([percent(null), times(undefined), percent(0), times(0)]).toEqual(['–', '–', '0 %', '0×']);
    expect([percent(0.99945), percent(-1.5), times(14.44)]).toEqual(['99.945 %', '-150 %', '14.4×']);
  });
});
