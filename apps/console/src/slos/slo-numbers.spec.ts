import { describe, expect, it } from 'vitest';
import { percent, times } from './slo-numbers.js';

describe('numbers of objectives', () => {
  it('never show what was not measured as a number', () => {
    expect([percent(null), times(undefined), percent(0), times(0)]).toEqual(['–', '–', '0 %', '0×']);
    expect([percent(0.99945), percent(-1.5), times(14.44)]).toEqual(['99.945 %', '-150 %', '14.4×']);
  });
});
